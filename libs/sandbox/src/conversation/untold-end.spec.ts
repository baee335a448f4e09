import { FrameType } from '../protocol/frames';
import { holdConversation } from './held-conversation.contract';
import { ended, returned, settled, type ScriptedConnection } from './scripted-runner.contract';

/** Lets time pass, and whatever waits for it happen, as far as `afterLoopTime` counts it. */
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 125) {
    jest.advanceTimersByTime(Math.min(left, 125));
    await settled();
  }
}

const SILENT = ['broken: the supervisor gives no sign of life'];

describe('RunConversation, when the end of its run is not told,', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  const breakProtocol = (run: ScriptedConnection): void => run.say(FrameType.Ready);

  it.each([
    ['TIMEOUT', 'has reached its deadline', 1_000, () => undefined],
    ['SCRIPT_CRASHED', 'breaks the protocol', 0, breakProtocol],
  ])(
    'answers %s by itself when it %s, and leaves a supervisor alone that lives',
    async (status, _how, endsMs, act) => {
      const { report, told, run, supervisor, heard, gone } = holdConversation();
      act(run);
      await pass(endsMs + 499);
      expect(heard.heardTypes).not.toContain('Ping');
      await pass(126);
      expect(heard.heardTypes.at(-1)).toBe('Ping');
      supervisor(FrameType.Pong);
      await pass(1_000);
      expect((await report).outcome.status).toBe(status);
      expect(heard.heardTypes.filter((type) => type === 'Cancel')).not.toEqual([]);
      // Its place is taken: whether the supervisor lives is asked on.
      for (let round = 0; round < 100; round++) {
        await pass(250);
        supervisor(FrameType.Pong);
      }
      expect([told, heard.heardTypes.at(-1)]).toEqual([[], 'Ping']);
      let isGone = false;
      void gone.then(() => (isGone = true));
      await settled();
      expect(isGone).toBe(false);
      supervisor(FrameType.Ended, ended('TIMEOUT'));
      expect(jest.getTimerCount()).toBe(0);
      supervisor(FrameType.Gone);
      await gone;
    },
  );

  it('answers one that was cancelled, and leaves the supervisor alone', async () => {
    const controller = new AbortController();
    const { report, told } = holdConversation(controller.signal);
    controller.abort();
    await pass(1_750);
    expect((await report).outcome.status).toBe('CANCELLED');
    expect(told).toEqual([]);
  });

  it('has a supervisor given up that gives no sign of life, and the outcome of its run told by a second attempt', async () => {
    const { conversation, report, told, run } = holdConversation();
    run.say(FrameType.Outcome, returned('1'), 0);
    await pass(2_375);
    expect(told).toEqual([]);
    await pass(250);
    expect(told).toEqual(SILENT);
    conversation.lose('ended by SIGKILL');
    expect((await report).outcome.status).toBe('SANDBOX_UNAVAILABLE');
  });

  it('has a supervisor given up that is silent, also when the run is answered already', async () => {
    const { report, told } = holdConversation();
    await pass(2_500);
    expect((await report).outcome.status).toBe('TIMEOUT');
    expect(told).toEqual([]);
    await pass(1_250);
    expect(told).toEqual(SILENT);
  });

  it('gives a run up whose outcome is known and whose end a living supervisor does not tell', async () => {
    const { report, told, run, supervisor } = holdConversation();
    run.say(FrameType.Outcome, returned('1'), 0);
    for (let round = 0; round < 24; round++) {
      await pass(250);
      supervisor(FrameType.Pong);
    }
    expect((await report).outcome).toMatchObject({
      status: 'SANDBOX_UNAVAILABLE',
      cause: expect.stringContaining('in time'),
    });
    expect(told).toEqual([]);
  });

  it.each([
    ['TIMEOUT', 1_000],
    ['SANDBOX_UNAVAILABLE', 900],
  ])('is %s when the runner is lost %d ms after the start of a run of a second', async (status, afterMs) => {
    const { conversation, report } = holdConversation();
    await pass(afterMs);
    conversation.lose('the runner ended');
    expect((await report).outcome.status).toBe(status);
  });

  it('waits for nothing once the end is told', async () => {
    const { report, told, supervisor } = holdConversation();
    supervisor(FrameType.Ended, ended('TIMEOUT'));
    await report;
    await pass(10_000);
    expect(told).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('RunConversation, of what was measured,', () => {
  it.each([
    ['is less than the run had before it saw its script', { peakResidentBytes: 0 }],
    ['is missing', { peakResidentBytes: null }],
  ])('tells no memory where that %s', async (_what, measured) => {
    const { report, supervisor } = holdConversation();
    supervisor(FrameType.Ended, ended('OK', measured));
    expect(await report).not.toHaveProperty('peakMemoryBytes');
  });
});
