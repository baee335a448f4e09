import { MessageError } from './message-error';
import { decodeSections, encodeSections } from './sections';

const KNOWN = ['one', 'two'];
const decode = (payload: Buffer) => decodeSections(payload, 'payload', KNOWN, 1024);

/** A payload whose head is written by hand. */
function payloadOf(head: string, rest = ''): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(head));
  return Buffer.concat([length, Buffer.from(head), Buffer.from(rest)]);
}

describe('decodeSections', () => {
  it('returns what encodeSections was given', () => {
    const payload = encodeSections({ mode: 'run' }, [
      ['two', Buffer.from('é')],
      ['one', Buffer.alloc(0)],
    ]);
    const { head, sections } = decode(payload);
    expect(head).toMatchObject({ mode: 'run' });
    expect([...sections].map(([name, bytes]) => [name, bytes.toString()])).toEqual([
      ['two', 'é'],
      ['one', ''],
    ]);
  });

  it('ignores fields of the head that it does not know', () => {
    expect(decode(payloadOf('{"sections":[],"new":[1]}')).sections.size).toBe(0);
  });

  it.each([
    ['too few bytes for a length', Buffer.from([0, 0])],
    ['a head that is longer than the payload', Buffer.from([0, 0, 0, 9, 0x7b, 0x7d])],
    ['a head that is longer than it may be', payloadOf(`{"sections":[],"x":"${'x'.repeat(2000)}"}`)],
    ['a head that is no object', payloadOf('[]')],
    ['a head with something behind it', payloadOf('{"sections":[]} x')],
    ['no list of sections', payloadOf('{}')],
    ['a section without a length', payloadOf('{"sections":[["one"]]}')],
    ['a negative length', payloadOf('{"sections":[["one",-1]]}')],
    ['a length that is no integer', payloadOf('{"sections":[["one",0.5]]}', 'x')],
    ['a section that is not known', payloadOf('{"sections":[["three",0]]}')],
    ['a section of the prototype', payloadOf('{"sections":[["toString",0]]}')],
    ['a section that comes twice', payloadOf('{"sections":[["one",0],["one",0]]}')],
    ['sections that end before the payload', payloadOf('{"sections":[["one",1]]}', 'xy')],
    ['sections that end behind the payload', payloadOf('{"sections":[["one",3]]}', 'xy')],
  ])('refuses %s', (_what, payload) => {
    expect(() => decode(payload)).toThrow(MessageError);
  });
});
