import { DEFAULT_LIMITS } from '@pycell/contracts';
import { encodeFrame, FrameType } from '../protocol/frames';
import { decodeSections } from '../protocol/sections';
import { BufferedOutput } from '../run/buffered-output';
import type { Outcome } from '../run/outcome';
import { holdConversation, READY, REQUEST } from './held-conversation.contract';
import { RunConversation } from './run-conversation';
import {
  ended,
  failed,
  returned,
  ScriptedConnection,
  scriptedControl,
  settled,
} from './scripted-runner.contract';
import { Spare } from './spare';

/** What comes of a run that spoils its own channel: its failure, not ours, and nothing of what it wrote. */
const BROKEN = {
  status: 'SCRIPT_CRASHED',
  message: expect.stringMatching(/^Script broke the channel that carries its result \((?!.*Traceback)/),
};

describe('RunConversation', () => {
  it('tells at once that nothing ran when the spare has ended before it had its script', async () => {
    const { control, stream } = scriptedControl();
    const connection = new ScriptedConnection();
    const events = { onReady: () => undefined, onLost: jest.fn() };
    const spare = new Spare(connection, control, 1000, events);
    connection.say(FrameType.Ready, READY, 9);
    // The supervisor's word of it may come long before the end of its connection.
    stream.say(FrameType.Ended, ended('SCRIPT_CRASHED', { signal: 'SIGKILL' }), 9);
    stream.say(FrameType.Gone, '', 9);
    expect(events.onLost).toHaveBeenCalledTimes(1);
    const output = new BufferedOutput();
    const conversation = new RunConversation(spare, {
      limits: DEFAULT_LIMITS,
      requestedAt: performance.now(),
      observer: output,
    });
    const report = await conversation.hold(REQUEST, new AbortController().signal);
    expect(report.outcome).toMatchObject({ status: 'SANDBOX_UNAVAILABLE' });
    await output.gone;
    expect(connection.heardTypes).toEqual([]);
  });

  it('hands the script over, and starts its clock when it has not ended at once', async () => {
    jest.useFakeTimers();
    const { conversation, report, run, heard } = holdConversation();
    expect([run.heardTypes, heard.heardTypes]).toEqual([['Run'], []]);
    jest.advanceTimersByTime(5);
    expect(heard.heardTypes).toEqual(['Start']);
    jest.useRealTimers();
    expect(JSON.parse(String(heard.heard[0]?.payload))).toEqual({ timeoutMs: 1000 });
    const { head, sections } = decodeSections(
      run.heard[0]?.payload ?? Buffer.alloc(0),
      'RUN',
      ['script'],
      100,
    );
    expect([head['mode'], String(sections.get('script'))]).toEqual(['function', REQUEST.script]);
    conversation.lose('the runner ended');
    await report;
  });

  it('gathers output, result and the measurements of the supervisor, less what the spare had used up', async () => {
    const { report, run, supervisor, heard } = holdConversation();
    supervisor(FrameType.Stdout, Buffer.from([0xe2, 0x82]));
    supervisor(FrameType.Stdout, Buffer.from([0xac, 0xff]));
    supervisor(FrameType.Stderr, 'careful');
    run.say(FrameType.Outcome, returned('{"a": 1}'), 0);
    expect(heard.heardTypes).toEqual(['Finish']);
    supervisor(FrameType.Stdout, '!');
    supervisor(FrameType.Ended, ended('OK'));
    expect(await report).toMatchObject({
      outcome: { status: 'OK', result: Buffer.from('{"a": 1}') },
      stdout: '€\uFFFD!',
      stderr: 'careful',
      cpuMs: 3,
      peakMemoryBytes: 1900,
    });
  });

  it('tells that the process is gone when the supervisor does, not before', async () => {
    const { report, gone, run, supervisor } = holdConversation();
    run.say(FrameType.Outcome, returned('1'), 0);
    supervisor(FrameType.Ended, ended('OK'));
    let isGone = false;
    await report;
    void gone.then(() => (isGone = true));
    await settled();
    expect([isGone, run.destroyed]).toEqual([false, false]);
    supervisor(FrameType.Gone);
    await gone;
    expect(run.destroyed).toBe(true);
  });

  it.each<[string, object, Partial<Outcome> & { message?: unknown }]>([
    [
      'exited',
      ended('SCRIPT_EXITED', { exitCode: 3 }),
      { status: 'SCRIPT_EXITED', message: expect.stringContaining('exit code 3') },
    ],
    [
      'crashed',
      ended('SCRIPT_CRASHED', { signal: 'SIGSEGV' }),
      { status: 'SCRIPT_CRASHED', message: expect.stringContaining('SIGSEGV') },
    ],
    ['killed from outside', ended('SCRIPT_CRASHED', { signal: 'SIGKILL' }), { status: 'KILLED' }],
    ['timeout', ended('TIMEOUT'), { status: 'TIMEOUT' }],
    ['output limit', ended('OUTPUT_LIMIT'), { status: 'OUTPUT_LIMIT' }],
    ['cancelled', ended('CANCELLED'), { status: 'CANCELLED' }],
    [
      'exited without its connection',
      ended('SCRIPT_EXITED', { exitCode: 98 }),
      { status: 'SCRIPT_EXITED', message: expect.stringContaining('descriptor that carries it') },
    ],
    ['finished without an outcome', ended('OK'), { status: 'SANDBOX_UNAVAILABLE' }],
  ])('reads %s as such', async (_name, message, outcome) => {
    const { report, supervisor } = holdConversation();
    supervisor(FrameType.Ended, message);
    expect((await report).outcome).toMatchObject(outcome);
  });

  it.each(['SCRIPT_EXITED', 'SCRIPT_CRASHED', 'TIMEOUT'])(
    'keeps an outcome that was told before the run ended as %s',
    async (status) => {
      const { report, run, supervisor } = holdConversation();
      run.say(FrameType.Outcome, returned('1'), 0);
      supervisor(FrameType.Ended, ended(status));
      expect((await report).outcome.status).toBe('OK');
    },
  );

  it('keeps no outcome of a run that has printed more than it may', async () => {
    const { report, run, supervisor } = holdConversation();
    run.say(FrameType.Outcome, returned('1'), 0);
    supervisor(FrameType.Ended, ended('OUTPUT_LIMIT'));
    expect((await report).outcome.status).toBe('OUTPUT_LIMIT');
  });

  it.each([
    ['a result that is two values', returned('1,"execution":{}')],
    ['a result of two lines', returned('[1,\n2]')],
    ['a result that is larger than it may be', returned(`"${'x'.repeat(DEFAULT_LIMITS.maxResultBytes)}"`)],
    ['a status that is not for runs', failed('SANDBOX_BUSY')],
    ['the status of spares', failed('INTERNAL')],
    ['an outcome that is not JSON', Buffer.from('oops')],
  ])('does not believe %s', async (_name, payload) => {
    const { report, run, supervisor } = holdConversation();
    run.say(FrameType.Outcome, payload, 0);
    supervisor(FrameType.Ended, ended('OK'));
    expect((await report).outcome).toEqual(BROKEN);
  });

  it.each([
    [
      'what only the supervisor may say',
      (run: ScriptedConnection) => run.say(FrameType.Ended, ended('OK'), 9),
    ],
    ['that it is ready', (run: ScriptedConnection) => run.say(FrameType.Ready, READY, 9)],
    [
      'bytes that are no frame',
      (run: ScriptedConnection) => run.sayBytes(Buffer.from('Traceback (most recent')),
    ],
  ])('ends a run that says %s', async (_what, act) => {
    const { report, run, supervisor, heard } = holdConversation();
    act(run);
    expect(heard.heardTypes).toEqual(['Cancel']);
    supervisor(FrameType.Ended, ended('CANCELLED'));
    expect((await report).outcome).toEqual(BROKEN);
  });

  it('reads nothing that comes after the outcome', async () => {
    const { report, run, supervisor, heard } = holdConversation();
    run.say(FrameType.Outcome, returned('1'), 0);
    run.say(FrameType.Outcome, returned('2'), 0);
    run.sayBytes(Buffer.from('no frame at all'));
    supervisor(FrameType.Ended, ended('OK'));
    expect((await report).outcome).toEqual({ status: 'OK', result: Buffer.from('1') });
    expect(heard.heardTypes).toEqual(['Finish']);
  });

  it('keeps an outcome behind which garbage came in the same piece', async () => {
    const { report, run, supervisor, heard } = holdConversation();
    const outcome = encodeFrame(FrameType.Outcome, 0, returned('1'));
    run.sayBytes(Buffer.concat([outcome, Buffer.from('no frame at all')]));
    expect(heard.heardTypes).toEqual(['Finish']);
    supervisor(FrameType.Ended, ended('OK'));
    expect((await report).outcome).toEqual({ status: 'OK', result: Buffer.from('1') });
  });

  it('is unavailable, with the reason for the log, when the runner is lost before the end', async () => {
    const { conversation, report, gone, run } = holdConversation();
    run.say(FrameType.Outcome, returned('1'), 0);
    conversation.lose('the runner ended with status 255: mount failed');
    expect((await report).outcome).toEqual({
      status: 'SANDBOX_UNAVAILABLE',
      cause: expect.stringContaining('mount failed'),
    });
    await gone;
  });

  it('keeps a long result although the runner exits while it is looked at', async () => {
    const { conversation, report, run, supervisor } = holdConversation();
    run.say(FrameType.Outcome, returned(`"${'x'.repeat(1024 * 1024)}"`), 0);
    supervisor(FrameType.Ended, ended('OK'));
    supervisor(FrameType.Gone);
    conversation.lose('the runner ended with status 0');
    expect((await report).outcome.status).toBe('OK');
  });

  it('asks the supervisor to cancel, and keeps what had been printed', async () => {
    const controller = new AbortController();
    const { report, supervisor, heard } = holdConversation(controller.signal);
    supervisor(FrameType.Stdout, 'so far');
    controller.abort();
    expect(heard.heardTypes).toEqual(['Cancel']);
    supervisor(FrameType.Ended, ended('CANCELLED'));
    expect(await report).toMatchObject({ outcome: { status: 'CANCELLED' }, stdout: 'so far' });
  });

  it('is cancelled by a signal that has aborted already', async () => {
    const { report, supervisor, heard } = holdConversation(AbortSignal.abort());
    expect(heard.heardTypes).toEqual(['Cancel']);
    supervisor(FrameType.Ended, ended('SCRIPT_EXITED', { exitCode: 0 }));
    expect((await report).outcome.status).toBe('CANCELLED');
  });

  it('drops a character that the output limit cut in two', async () => {
    const { report, supervisor } = holdConversation();
    supervisor(FrameType.Stdout, Buffer.from([0x61, 0xe2, 0x82]));
    supervisor(FrameType.Ended, ended('OUTPUT_LIMIT'));
    expect((await report).stdout).toBe('a');
  });
});
