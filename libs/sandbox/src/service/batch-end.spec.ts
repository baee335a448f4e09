import { Logger } from '@nestjs/common';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import type { ScriptJudge } from '../policy/script-judge';
import { judgeSmallScripts } from '../policy/script-judge.contract';
import { BatchScene, HearingAll, numberOf, PLACES, returning } from './batch-scene.contract';
import { ExecutionCancelled, ExecutionFailure } from './execution-failure';
import type { BatchListener } from './execution-listener';
import { settled } from './fake-executor.contract';

let judge: ScriptJudge;
let scene: BatchScene;

beforeAll(async () => {
  Logger.overrideLogger(false);
  judge = await judgeSmallScripts(DEFAULT_POLICY_RULES);
});

afterAll(() => judge.close());

beforeEach(() => {
  scene = new BatchScene(judge);
});

afterEach(() => jest.restoreAllMocks());

describe('The end of a batch', () => {
  it('ends what runs and what waits when the client goes away, and tells no more', async () => {
    scene.executor.outcome = 'wait';
    const listener = new HearingAll();
    const running = scene.batch(listener, 9);
    await settled();
    scene.end(0);
    await settled();
    scene.client.abort();
    await expect(running).rejects.toBeInstanceOf(ExecutionCancelled);
    expect([listener.heard, scene.executor.waiting]).toEqual([['start', '0 1'], []]);
    expect(scene.executor.requests).toHaveLength(PLACES + 1);
    scene.client = new AbortController();
    scene.executor.outcome = returning;
    await scene.batch(new HearingAll(), PLACES);
  });

  it('does not wait for a listener that is never ready once the client has gone away', async () => {
    const listener = new HearingAll();
    listener.readyFor = () => new Promise(() => undefined);
    const running = scene.batch(listener, 3);
    await settled();
    scene.client.abort();
    await expect(running).rejects.toBeInstanceOf(ExecutionCancelled);
  });

  it('lets runs finish when the service shuts down, and refuses the other inputs as retryable', async () => {
    scene.executor.outcome = 'wait';
    const listener = new HearingAll();
    const running = scene.batch(listener, 5);
    await settled();
    const draining = scene.service.drain(10_000);
    scene.end(0);
    scene.end(1);
    await Promise.all([running, draining]);
    const refused = [2, 3, 4].map((index) => `${index} SANDBOX_UNAVAILABLE`);
    expect(listener.heard).toEqual(['start', ...listener.heard.slice(1)]);
    expect(listener.heard.sort()).toEqual(['0 1', '1 1', ...refused, 'start'].sort());
    expect(listener.outcomes[4]).toMatchObject({ retryable: true });
  });

  it('has an outcome for each when the grace is over, although the listener is not ready for all', async () => {
    scene.executor.outcome = 'wait';
    const listener = new HearingAll();
    listener.readyFor = (index) => (index === 0 ? undefined : new Promise(() => undefined));
    const running = scene.batch(listener, 200);
    await settled();
    await scene.service.drain(10);
    await running;
    expect(listener.outcomes.filter((outcome) => outcome instanceof ExecutionFailure)).toHaveLength(200);
    expect(new Set(listener.heard.slice(1).map((line) => line.split(' ')[1]))).toEqual(
      new Set(['SANDBOX_UNAVAILABLE']),
    );
    // One line for the run that was killed, one for all that had no place.
    expect(scene.logged).toHaveLength(2);
    expect(scene.logged[1]).toMatchObject({ outcome: 'SANDBOX_UNAVAILABLE', inputs: 200, unplaced: 199 });
  });

  it.each<[string, Partial<BatchListener>]>([
    [
      'is not ready',
      { readyFor: (index) => (index === 2 ? Promise.reject(new Error('broken')) : undefined) },
    ],
    [
      'cannot take an outcome',
      {
        onOutcome: () => {
          throw new Error('broken');
        },
      },
    ],
  ])('ends everything when the listener %s', async (_how, broken) => {
    scene.executor.outcome = (run) => (numberOf(run) === 1 ? 'wait' : returning(run));
    await expect(scene.batch(Object.assign(new HearingAll(), broken), 9)).rejects.toThrow('broken');
    expect(scene.executor.waiting).toEqual([]);
    scene.executor.outcome = returning;
    await scene.batch(new HearingAll(), PLACES);
  });
});
