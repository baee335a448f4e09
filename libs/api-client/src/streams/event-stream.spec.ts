import { EventStream } from './event-stream';

function read(...pieces: string[]): unknown[] {
  const stream = new EventStream();
  return pieces.flatMap((piece) => [...stream.push(piece)].map(({ type, data }) => [type, data]));
}

describe('EventStream', () => {
  it('reads events however the text is cut', () => {
    const text = 'id: 1\nevent: stdout\ndata: {"text":"é"}\n\nid: 2\nevent: end\ndata: {}\n\n';
    const whole = [
      ['stdout', '{"text":"é"}'],
      ['end', '{}'],
    ];
    expect(read(text)).toEqual(whole);
    expect(read(...Array.from(text))).toEqual(whole);
    expect(read(text.replaceAll('\n', '\r\n'))).toEqual(whole);
  });

  it('takes comments for none, and several lines of data for one', () => {
    expect(read(': ping\n\n', 'data: a\ndata:b\n\n', 'event: nothing\n\n')).toEqual([['message', 'a\nb']]);
  });

  it('knows the id of the latest event that has come whole', () => {
    const stream = new EventStream();
    expect([...stream.push('id: 7\nevent: stdout\ndata: {}\n\nid: 8\nevent: std')]).toHaveLength(1);
    expect(stream.lastEventId).toBe('7');
    expect([...stream.push('out\ndata: {}\n\n')]).toHaveLength(1);
    expect(stream.lastEventId).toBe('8');
  });

  it('tells the type of what has only begun', () => {
    const stream = new EventStream();
    expect([...stream.push('id: 1\nevent: result\ndata: {"result":[1,')]).toEqual([]);
    expect(stream.begunType).toBe('result');
  });
});
