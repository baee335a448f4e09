import { PassThrough } from 'node:stream';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { encodeFrame, FrameDecoder, FrameType, type Frame } from '../protocol/frames';
import { RunConversation } from './run-conversation';
import type { LaunchedRunner } from './runner-launcher';

const REQUEST = { id: 'test', script: 'def main(): return 1', mode: 'run' as const };

/** A runner that does what a test makes it do. It refuses to speak after its end. */
class ScriptedRunner implements LaunchedRunner {
  readonly heard: Frame[] = [];
  killed = false;
  readonly connection: PassThrough;
  readonly ended: Promise<{ account: string }>;
  private end!: (exit: { account: string }) => void;

  constructor() {
    this.ended = new Promise((resolve) => (this.end = resolve));
    const decoder = new FrameDecoder(1024 * 1024);
    this.connection = new PassThrough();
    // What is written to the connection is heard by the runner, what the runner says is emitted as data.
    this.connection.write = ((data: Buffer) => this.heard.push(...decoder.feed(data)) > 0) as never;
  }

  say(type: FrameType, payload: unknown = ''): void {
    const bytes = Buffer.isBuffer(payload)
      ? payload
      : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
    this.connection.emit('data', encodeFrame(type, 1, bytes));
  }

  exit(account = 'ended with status 0'): void {
    this.end({ account });
  }

  kill(): void {
    this.killed = true;
    this.exit('ended by SIGKILL');
  }
}

const ended = (cause: string, more: object = {}): object => ({
  cause,
  detail: null,
  exitCode: null,
  signal: null,
  runMs: 5,
  cpuMs: 4,
  peakMemoryBytes: 1000,
  ...more,
});

function start(signal = new AbortController().signal) {
  const runner = new ScriptedRunner();
  const conversation = new RunConversation(runner, {
    limits: { ...DEFAULT_LIMITS, timeoutSeconds: 1 },
    cores: 2,
  });
  return { runner, report: conversation.hold(REQUEST, signal) };
}

describe('RunConversation', () => {
  it('asks for the run with the limits in force', async () => {
    const { runner, report } = start();
    const body = JSON.parse(runner.heard[0]?.payload.toString() ?? '') as { limits: unknown };
    expect(runner.heard[0]?.type).toBe(FrameType.Run);
    expect(body).toMatchObject({ script: REQUEST.script, mode: 'run' });
    expect(body.limits).toMatchObject({ timeoutMs: 1000, memoryBytes: 512 * 1024 * 1024, cpuSeconds: 4 });
    runner.exit();
    await report;
  });

  it('gathers output, result and the measurements of the supervisor', async () => {
    const { runner, report } = start();
    runner.say(FrameType.Hello, { protocol: 1, python: '3.11.7' });
    runner.say(FrameType.Started);
    runner.say(FrameType.Stdout, Buffer.from([0xe2, 0x82]));
    runner.say(FrameType.Stdout, Buffer.from([0xac, 0xff]));
    runner.say(FrameType.Stderr, 'careful');
    runner.say(FrameType.Result, '{"a": 1}');
    runner.say(FrameType.Ended, ended('outcome'));
    runner.exit();
    expect(await report).toMatchObject({
      end: { kind: 'returned', json: Buffer.from('{"a": 1}') },
      stdout: '€\uFFFD',
      stderr: 'careful',
      runMs: 5,
      cpuMs: 4,
      peakMemoryBytes: 1000,
    });
  });

  it.each([
    ['exited', ended('exited', { exitCode: 3 }), { kind: 'exited', exitCode: 3 }],
    ['signalled', ended('signalled', { signal: 'SIGSEGV' }), { kind: 'crashed', signal: 'SIGSEGV' }],
    ['killed from outside', ended('signalled', { signal: 'SIGKILL' }), { kind: 'unavailable' }],
    ['timeout', ended('timeout'), { kind: 'timeout' }],
    ['cpu-limit', ended('cpu-limit'), { kind: 'timeout' }],
    ['output-limit', ended('output-limit'), { kind: 'output-limit' }],
    ['channel-closed', ended('channel-closed'), { kind: 'channel-closed' }],
    ['malformed-outcome', ended('malformed-outcome', { detail: 'x' }), { kind: 'malformed', cause: 'x' }],
    ['not-started', ended('not-started', { detail: 'x' }), { kind: 'unavailable' }],
    ['outcome without one', ended('outcome'), { kind: 'malformed' }],
  ])('reads %s as such', async (_name, message, end) => {
    const { runner, report } = start();
    runner.say(FrameType.Started);
    runner.say(FrameType.Ended, message);
    runner.exit();
    expect((await report).end).toMatchObject(end);
  });

  it.each([
    ['a result that is two values', FrameType.Result, '1,"execution":{}'],
    ['a failure with a code that is not for runs', FrameType.Failure, '{"code":"SANDBOX_BUSY","message":""}'],
    ['a failure that is not JSON', FrameType.Failure, 'oops'],
  ])('does not believe %s', async (_name, type, payload) => {
    const { runner, report } = start();
    runner.say(FrameType.Started);
    runner.say(type, payload);
    runner.say(FrameType.Ended, ended('outcome'));
    runner.exit();
    expect((await report).end.kind).toBe('malformed');
  });

  it('is unavailable, with the last words of the runner, when it ends without a report', async () => {
    const { runner, report } = start();
    runner.exit('ended with status 255: mount failed');
    expect((await report).end).toEqual({
      kind: 'unavailable',
      cause: expect.stringContaining('mount failed'),
    });
  });

  it('kills a runner that speaks out of turn', async () => {
    const { runner, report } = start();
    runner.connection.emit('data', Buffer.from('Traceback (most recent call last)'));
    expect((await report).end.kind).toBe('unavailable');
    expect(runner.killed).toBe(true);
  });

  it('does not talk to a runner of another protocol', async () => {
    const { runner, report } = start();
    runner.say(FrameType.Hello, { protocol: 2, python: '3.11.7' });
    expect((await report).end).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringContaining('speaks protocol 2'),
    });
    expect(runner.killed).toBe(true);
  });

  it('asks the runner to cancel, and kills it when it does not', async () => {
    jest.useFakeTimers();
    try {
      const controller = new AbortController();
      const { runner, report } = start(controller.signal);
      controller.abort();
      expect(runner.heard.at(-1)?.type).toBe(FrameType.Cancel);
      expect(runner.killed).toBe(false);
      await jest.advanceTimersByTimeAsync(2_000);
      expect(runner.killed).toBe(true);
      expect((await report).end.kind).toBe('cancelled');
    } finally {
      jest.useRealTimers();
    }
  });

  it('ends a run as timeout when the runner itself fails to keep the deadline', async () => {
    jest.useFakeTimers();
    try {
      const { runner, report } = start();
      runner.say(FrameType.Started);
      await jest.advanceTimersByTimeAsync(3_000);
      expect(runner.killed).toBe(true);
      expect((await report).end.kind).toBe('timeout');
    } finally {
      jest.useRealTimers();
    }
  });

  it('gives up on a runner that does not start', async () => {
    jest.useFakeTimers();
    try {
      const { runner, report } = start();
      await jest.advanceTimersByTimeAsync(20_000);
      expect(runner.killed).toBe(true);
      expect((await report).end.kind).toBe('unavailable');
    } finally {
      jest.useRealTimers();
    }
  });

  it('keeps the outcome of a runner that has reported and then does not exit', async () => {
    jest.useFakeTimers();
    try {
      const { runner, report } = start();
      runner.say(FrameType.Started);
      runner.say(FrameType.Result, '1');
      runner.say(FrameType.Ended, ended('outcome'));
      await jest.advanceTimersByTimeAsync(2_000);
      expect(runner.killed).toBe(true);
      expect((await report).end.kind).toBe('returned');
    } finally {
      jest.useRealTimers();
    }
  });
});
