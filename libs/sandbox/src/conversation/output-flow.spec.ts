import { FrameType } from '../protocol/frames';
import { holdConversation, REQUEST } from './held-conversation.contract';
import { ended, returned, ScriptedConnection, settled } from './scripted-runner.contract';

/** A connection whose other end takes what is sent when it is told to. */
class FullConnection extends ScriptedConnection {
  private readonly waiting: (() => void)[] = [];

  override _write(_data: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.waiting.push(done);
  }

  override _writev(_chunks: unknown, done: () => void): void {
    this.waiting.push(done);
  }

  takeAll(): void {
    this.waiting.splice(0).forEach((done) => done());
  }
}

const withFile = { ...REQUEST, files: [{ name: 'a', bytes: Buffer.alloc(1024 * 1024) }] };

describe('The output flow of a run', () => {
  it('tells the supervisor once of each change, by the number of the run', async () => {
    const { flows, heard, conversation, report } = holdConversation();
    const [flow] = flows;
    for (const act of ['resume', 'pause', 'pause', 'resume', 'resume', 'pause'] as const) {
      flow?.[act]();
    }
    expect(heard.heard.map(({ type, run }) => [FrameType[type], run])).toEqual([
      ['Pause', 9],
      ['Resume', 9],
      ['Pause', 9],
    ]);
    conversation.lose('the runner ended');
    await report;
  });

  it.each<[string, (held: ReturnType<typeof holdConversation>) => void]>([
    ['has told its outcome', ({ run }) => run.say(FrameType.Outcome, returned('1'), 0)],
    ['has ended', ({ supervisor }) => supervisor(FrameType.Ended, ended('TIMEOUT'))],
    ['has broken its channel', ({ run }) => run.sayBytes(Buffer.alloc(64, 0xff))],
    ['was lost', ({ conversation }) => conversation.lose('the runner ended')],
  ])('is of no effect for a run that %s', async (_what, end) => {
    const held = holdConversation();
    end(held);
    const before = held.heard.heardTypes;
    held.flows[0]?.pause();
    held.flows[0]?.resume();
    expect(held.heard.heardTypes).toEqual(before);
    held.supervisor(FrameType.Ended, ended('OK'));
    await held.report;
    held.flows[0]?.pause();
    expect(held.heard.heardTypes).toEqual(before);
  });

  it('is of no effect for a run that was cancelled', async () => {
    const client = new AbortController();
    const { flows, heard, report, supervisor } = holdConversation(client.signal);
    flows[0]?.pause();
    client.abort();
    flows[0]?.resume();
    expect(heard.heardTypes).toEqual(['Pause', 'Cancel']);
    supervisor(FrameType.Ended, ended('CANCELLED'));
    expect((await report).outcome.status).toBe('CANCELLED');
  });

  it('passes on what had been read before the pause, and what comes with the end', async () => {
    const { flows, report, run, supervisor } = holdConversation();
    flows[0]?.pause();
    supervisor(FrameType.Stdout, 'before ');
    run.say(FrameType.Outcome, returned('1'), 0);
    supervisor(FrameType.Stdout, 'rest');
    supervisor(FrameType.Ended, ended('OK'));
    expect((await report).stdout).toBe('before rest');
  });

  it('begins when all that comes with the script has been handed over', async () => {
    const connection = new FullConnection();
    const held = holdConversation(undefined, withFile, connection);
    expect(held.heardOf).toEqual([]);
    connection.takeAll();
    await settled();
    expect(held.heardOf).toEqual(['begin']);
    held.conversation.lose('the runner ended');
    await held.report;
  });

  it('has begun before anything that is heard of the run', async () => {
    const held = holdConversation(undefined, withFile, new FullConnection());
    held.supervisor(FrameType.Stderr, 'x');
    held.run.say(FrameType.Outcome, returned('1'), 0);
    held.supervisor(FrameType.Stdout, 'y');
    held.supervisor(FrameType.Ended, ended('OK'));
    await held.report;
    expect(held.heardOf).toEqual(['begin', 'stderr', 'stdout']);
  });

  it('never begins for a run that did not take its script', async () => {
    const held = holdConversation(undefined, withFile, new FullConnection());
    held.conversation.lose('the runner ended');
    expect((await held.report).outcome.status).toBe('SANDBOX_UNAVAILABLE');
    expect(held.heardOf).toEqual([]);
  });
});
