import { DEFAULT_LIMITS } from '@pycell/contracts';
import { FrameType } from '../protocol/frames';
import { RunConversation } from './run-conversation';
import {
  ended,
  ScriptedConnection,
  scriptedControl,
  settled,
  type Payload,
} from './scripted-runner.contract';
import { Spare } from './spare';

const REQUEST = { id: 'test', script: 'def main(): return 1', mode: 'run' as const, imports: [] };
const READY = { residentBytes: 1000, cpuMs: 1 };

/** Holds a conversation about run 9; the test is the run and its supervisor. */
function start(signal = new AbortController().signal) {
  const { control, stream } = scriptedControl();
  const connection = new ScriptedConnection();
  const spare = new Spare(connection, control, DEFAULT_LIMITS.maxResultBytes, {
    onReady: () => undefined,
    onLost: () => undefined,
  });
  connection.say(FrameType.Ready, READY, 9);
  const overdue: string[] = [];
  const conversation = new RunConversation(spare, {
    limits: { ...DEFAULT_LIMITS, timeoutSeconds: 1 },
    requestedAt: performance.now(),
    onOverdue: (cause) => overdue.push(cause),
  });
  const report = conversation.hold(REQUEST, signal);
  const supervisor = (type: FrameType, payload: Payload = ''): void => stream.say(type, payload, 9);
  return { conversation, report, overdue, run: connection, supervisor, heard: stream };
}

describe('RunConversation', () => {
  it('tells at once that nothing ran when the spare has ended before it had its script', async () => {
    const { control, stream } = scriptedControl();
    const connection = new ScriptedConnection();
    const events = { onReady: () => undefined, onLost: jest.fn() };
    const spare = new Spare(connection, control, 1000, events);
    connection.say(FrameType.Ready, READY, 9);
    // The supervisor's word of it may come long before the end of its connection.
    stream.say(FrameType.Ended, ended('signalled', { signal: 'SIGKILL' }), 9);
    stream.say(FrameType.Gone, '', 9);
    expect(events.onLost).toHaveBeenCalledTimes(1);
    const conversation = new RunConversation(spare, {
      limits: DEFAULT_LIMITS,
      requestedAt: performance.now(),
      onOverdue: () => undefined,
    });
    const report = await conversation.hold(REQUEST, new AbortController().signal);
    expect(report.end).toMatchObject({ kind: 'unavailable' });
    await report.gone;
    expect(connection.heardTypes).toEqual([]);
  });

  it('hands the script over, and starts its clock when it has not ended at once', async () => {
    jest.useFakeTimers();
    const { conversation, report, run, heard } = start();
    expect([run.heardTypes, heard.heardTypes]).toEqual([['Run'], []]);
    jest.advanceTimersByTime(5);
    expect(heard.heardTypes).toEqual(['Start']);
    jest.useRealTimers();
    expect(run.heard[0]?.payload.toString()).toBe(`\0${REQUEST.script}`);
    conversation.lose('the runner ended');
    await report;
  });

  it('gathers output, result and the measurements of the supervisor, less what the spare had used up', async () => {
    const { report, run, supervisor, heard } = start();
    supervisor(FrameType.Stdout, Buffer.from([0xe2, 0x82]));
    supervisor(FrameType.Stdout, Buffer.from([0xac, 0xff]));
    supervisor(FrameType.Stderr, 'careful');
    run.say(FrameType.Result, '{"a": 1}', 0);
    expect(heard.heardTypes).toEqual(['Finish']);
    supervisor(FrameType.Stdout, '!');
    supervisor(FrameType.Ended, ended('finished'));
    expect(await report).toMatchObject({
      end: { kind: 'returned', json: Buffer.from('{"a": 1}') },
      stdout: '€\uFFFD!',
      stderr: 'careful',
      cpuMs: 3,
      peakMemoryBytes: 2000,
    });
  });

  it('tells that the process is gone when the supervisor does, not before', async () => {
    const { report, run, supervisor } = start();
    run.say(FrameType.Result, '1', 0);
    supervisor(FrameType.Ended, ended('finished'));
    let isGone = false;
    const gone = (await report).gone.then(() => (isGone = true));
    await settled();
    expect([isGone, run.destroyed]).toEqual([false, false]);
    supervisor(FrameType.Gone);
    await gone;
    expect(run.destroyed).toBe(true);
  });

  it.each([
    ['exited', ended('exited', { exitCode: 3 }), { kind: 'exited', exitCode: 3 }],
    ['signalled', ended('signalled', { signal: 'SIGSEGV' }), { kind: 'crashed', signal: 'SIGSEGV' }],
    ['killed from outside', ended('signalled', { signal: 'SIGKILL' }), { kind: 'unavailable' }],
    ['timeout', ended('timeout'), { kind: 'timeout' }],
    ['cpu-limit', ended('cpu-limit'), { kind: 'timeout' }],
    ['output-limit', ended('output-limit'), { kind: 'output-limit' }],
    ['cancelled', ended('cancelled'), { kind: 'cancelled' }],
    ['channel-closed', ended('channel-closed'), { kind: 'channel-closed' }],
    ['finished without an outcome', ended('finished'), { kind: 'unavailable' }],
  ])('reads %s as such', async (_name, message, end) => {
    const { report, supervisor } = start();
    supervisor(FrameType.Ended, message);
    expect((await report).end).toMatchObject(end);
  });

  it.each(['exited', 'signalled', 'timeout', 'cpu-limit', 'channel-closed'])(
    'keeps an outcome that was told before the run ended as %s',
    async (cause) => {
      const { report, run, supervisor } = start();
      run.say(FrameType.Result, '1', 0);
      supervisor(FrameType.Ended, ended(cause));
      expect((await report).end.kind).toBe('returned');
    },
  );

  it('keeps no outcome of a run that has printed more than it may', async () => {
    const { report, run, supervisor } = start();
    run.say(FrameType.Result, '1', 0);
    supervisor(FrameType.Ended, ended('output-limit'));
    expect((await report).end.kind).toBe('output-limit');
  });

  it.each([
    ['a result that is two values', FrameType.Result, '1,"execution":{}'],
    [
      'a result that is larger than it may be',
      FrameType.Result,
      `"${'x'.repeat(DEFAULT_LIMITS.maxResultBytes)}"`,
    ],
    ['a failure with a code that is not for runs', FrameType.Failure, '{"code":"SANDBOX_BUSY","message":""}'],
    ['a failure with the code of spares', FrameType.Failure, '{"code":"INTERNAL","message":""}'],
    ['a failure that is not JSON', FrameType.Failure, 'oops'],
  ])('does not believe %s', async (_name, type, payload) => {
    const { report, run, supervisor } = start();
    run.say(type, payload, 0);
    supervisor(FrameType.Ended, ended('finished'));
    expect((await report).end.kind).toBe('malformed');
  });

  it.each([
    [
      'what only the supervisor may say',
      (run: ScriptedConnection) => run.say(FrameType.Ended, ended('finished'), 9),
    ],
    ['that it is ready', (run: ScriptedConnection) => run.say(FrameType.Ready, READY, 9)],
    [
      'bytes that are no frame',
      (run: ScriptedConnection) => run.sayBytes(Buffer.from('Traceback (most recent')),
    ],
  ])('ends a run that says %s', async (_what, act) => {
    const { report, run, supervisor, heard } = start();
    act(run);
    expect(heard.heardTypes).toEqual(['Cancel']);
    supervisor(FrameType.Ended, ended('cancelled'));
    expect((await report).end.kind).toBe('malformed');
  });

  it('reads nothing that comes after the outcome', async () => {
    const { report, run, supervisor, heard } = start();
    run.say(FrameType.Result, '1', 0);
    run.say(FrameType.Result, '2', 0);
    run.sayBytes(Buffer.from('no frame at all'));
    supervisor(FrameType.Ended, ended('finished'));
    expect((await report).end).toEqual({ kind: 'returned', json: Buffer.from('1') });
    expect(heard.heardTypes).toEqual(['Finish']);
  });

  it('is unavailable, with the reason for the log, when the runner is lost before the end', async () => {
    const { conversation, report, run } = start();
    run.say(FrameType.Result, '1', 0);
    conversation.lose('the runner ended with status 255: mount failed');
    const { end, gone } = await report;
    expect(end).toEqual({ kind: 'unavailable', cause: expect.stringContaining('mount failed') });
    await gone;
  });

  it('keeps a long result although the runner exits while it is looked at', async () => {
    const { conversation, report, run, supervisor } = start();
    run.say(FrameType.Result, `"${'x'.repeat(1024 * 1024)}"`, 0);
    supervisor(FrameType.Ended, ended('finished'));
    supervisor(FrameType.Gone);
    conversation.lose('the runner ended with status 0');
    expect((await report).end.kind).toBe('returned');
  });

  it('asks the supervisor to cancel, and keeps what had been printed', async () => {
    const controller = new AbortController();
    const { report, supervisor, heard } = start(controller.signal);
    supervisor(FrameType.Stdout, 'so far');
    controller.abort();
    expect(heard.heardTypes).toEqual(['Cancel']);
    supervisor(FrameType.Ended, ended('cancelled'));
    expect(await report).toMatchObject({ end: { kind: 'cancelled' }, stdout: 'so far' });
  });

  it('is cancelled by a signal that has aborted already', async () => {
    const { report, supervisor, heard } = start(AbortSignal.abort());
    expect(heard.heardTypes).toEqual(['Cancel']);
    supervisor(FrameType.Ended, ended('exited', { exitCode: 0 }));
    expect((await report).end.kind).toBe('cancelled');
  });

  it('drops a character that the output limit cut in two', async () => {
    const { report, supervisor } = start();
    supervisor(FrameType.Stdout, Buffer.from([0x61, 0xe2, 0x82]));
    supervisor(FrameType.Ended, ended('output-limit'));
    expect((await report).stdout).toBe('a');
  });
});

describe('RunConversation, when the supervisor does not do its duty,', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  it.each([
    ['unavailable', 'keep the deadline', 3_000, () => undefined],
    [
      'malformed',
      'end a run that breaks the protocol',
      2_000,
      (run: ScriptedConnection) => run.say(FrameType.Ready),
    ],
  ])('has it ended, and reports %s, when it does not %s', async (kind, _duty, delayMs, act) => {
    const { conversation, report, overdue, run } = start();
    act(run);
    jest.advanceTimersByTime(delayMs - 1);
    expect(overdue).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(overdue).toEqual(['the supervisor does not answer']);
    conversation.lose('ended by SIGKILL');
    expect((await report).end.kind).toBe(kind);
  });

  it('has it ended when it does not cancel', async () => {
    const controller = new AbortController();
    const { conversation, report, overdue } = start(controller.signal);
    controller.abort();
    jest.advanceTimersByTime(2_000);
    expect(overdue).toHaveLength(1);
    conversation.lose('ended by SIGKILL');
    expect((await report).end.kind).toBe('cancelled');
  });

  it('waits for nothing once the end is told', async () => {
    const { report, overdue, supervisor } = start();
    supervisor(FrameType.Ended, ended('timeout'));
    await report;
    jest.advanceTimersByTime(60_000);
    expect(overdue).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
