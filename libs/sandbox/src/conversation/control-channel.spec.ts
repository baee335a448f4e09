import { PROTOCOL_VERSION } from '@pycell/contracts';
import { encodeFrame, FrameType, type Frame } from '../protocol/frames';
import { scriptedControl } from './scripted-runner.contract';

describe('ControlChannel', () => {
  it('tells that the supervisor is there when it speaks our protocol', () => {
    const { stream, told } = scriptedControl();
    stream.say(FrameType.Hello, { protocol: PROTOCOL_VERSION, python: '3.11.7' }, 0);
    expect(told).toEqual(['hello']);
  });

  it.each([PROTOCOL_VERSION - 1, PROTOCOL_VERSION + 1])(
    'does not talk to a supervisor of protocol %d, and says what to do',
    (protocol) => {
      const { stream, told } = scriptedControl();
      stream.say(FrameType.Hello, { protocol }, 0);
      expect(told).toEqual([expect.stringMatching(`^broken: .*speaks protocol ${protocol}.*npm run setup`)]);
    },
  );

  it('tells which zygote is ready, and what it has loaded', () => {
    const { stream, told } = scriptedControl();
    stream.say(FrameType.Zygote, { kind: 'packages', modules: ['numpy'], figures: [], immortal: true }, 0);
    const zygotes = { immortalObjects: true, memorySnapshot: false };
    expect(told).toEqual([{ kind: 'packages', modules: ['numpy'], figures: [], settled: true, zygotes }]);
  });

  it('tells which zygote has died', () => {
    const { stream, told } = scriptedControl();
    stream.say(FrameType.Lost, { kind: 'packages' }, 0);
    expect(told).toEqual(['lost: packages']);
  });

  it('tells the frames of a run to who listens to that run, until it is gone', () => {
    const { control, stream, told } = scriptedControl();
    const heard: [string, Frame][] = [];
    control.listen(1, (frame) => heard.push(['one', frame]));
    control.listen(2, (frame) => heard.push(['two', frame]));
    stream.say(FrameType.Stdout, 'a', 2);
    stream.say(FrameType.Stdout, 'b', 1);
    stream.say(FrameType.Gone, '', 1);
    stream.say(FrameType.Stdout, 'late', 1);
    stream.say(FrameType.Stderr, 'c', 2);
    stream.say(FrameType.Stdout, 'of nobody', 3);
    expect(heard.map(([who, { type, payload }]) => [who, FrameType[type], payload.toString()])).toEqual([
      ['two', 'Stdout', 'a'],
      ['one', 'Stdout', 'b'],
      ['one', 'Gone', ''],
      ['two', 'Stderr', 'c'],
    ]);
    expect(told).toEqual([]);
  });

  it('understands frames that come in pieces, and several at once', () => {
    const { control, stream } = scriptedControl();
    const heard: string[] = [];
    control.listen(1, ({ payload }) => heard.push(payload.toString()));
    const bytes = Buffer.concat(
      ['a', 'b'].map((text) => encodeFrame(FrameType.Stdout, 1, Buffer.from(text))),
    );
    stream.sayBytes(bytes.subarray(0, 5));
    stream.sayBytes(bytes.subarray(5));
    expect(heard).toEqual(['a', 'b']);
  });

  it.each([
    ['bytes that are no frame', Buffer.from('Traceback (most recent call last)')],
    ['a payload over the limit', encodeFrame(FrameType.Stdout, 1, Buffer.alloc(1024 * 1024 + 1))],
    ['a HELLO that does not fit', encodeFrame(FrameType.Hello, 0, Buffer.from('{}'))],
    [
      'a ZYGOTE that does not fit',
      encodeFrame(FrameType.Zygote, 0, Buffer.from('{"kind":"other","modules":[],"figures":[]}')),
    ],
    ['a LOST that does not fit', encodeFrame(FrameType.Lost, 0, Buffer.from('{"kind":"other"}'))],
  ])('gives the supervisor up, once, for %s', (_what, bytes) => {
    const { control, stream, told } = scriptedControl();
    const heard: Frame[] = [];
    control.listen(1, (frame) => heard.push(frame));
    stream.sayBytes(bytes);
    stream.sayBytes(bytes);
    stream.say(FrameType.Stdout, 'late', 1);
    expect(told).toEqual([expect.stringMatching(/^broken: /)]);
    expect(heard).toEqual([]);
  });

  it('gives the supervisor up for a frame that its listener cannot read', () => {
    const { control, stream, told } = scriptedControl();
    control.listen(1, () => {
      throw new Error('unknown cause');
    });
    stream.say(FrameType.Ended, '{}', 1);
    expect(told).toEqual([expect.stringContaining('unknown cause')]);
  });

  it('gives a supervisor up that is gone, when the end of its runner does not follow', () => {
    jest.useFakeTimers();
    const [stuck, orderly] = [scriptedControl(), scriptedControl()];
    stuck.stream.emit('end');
    orderly.stream.emit('end');
    jest.advanceTimersByTime(499);
    orderly.control.close();
    expect(stuck.told).toEqual([]);
    jest.advanceTimersByTime(1);
    expect([stuck.told, orderly.told]).toEqual([['broken: the supervisor is gone'], []]);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('sends nothing once it is closed', () => {
    const { control, stream } = scriptedControl();
    control.send(FrameType.Start, 7);
    control.close();
    control.send(FrameType.Cancel, 7);
    expect(stream.heard.map(({ type, run }) => [type, run])).toEqual([[FrameType.Start, 7]]);
    expect(stream.destroyed).toBe(true);
  });
});
