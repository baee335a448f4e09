import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Logger } from '@nestjs/common';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import type { ScriptJudge } from '../policy/script-judge';
import { judgeSmallScripts } from '../policy/script-judge.contract';
import type { Outcome } from '../run/outcome';
import { plainRequest } from '../run/run';
import {
  BATCH_SCRIPT,
  BatchScene,
  HearingAll,
  numberOf,
  ONE,
  PLACES,
  returning,
} from './batch-scene.contract';
import type { CompletedExecution } from './completed-execution';
import { ExecutionCancelled } from './execution-failure';
import type { BatchListener } from './execution-listener';
import { callerNamed, settled } from './fake-executor.contract';

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

describe('SandboxService.batch', () => {
  it('runs the script for each input, with an outcome, an id and a report of its own', async () => {
    const judging = jest.spyOn(judge, 'judge');
    const listener = new HearingAll();
    await scene.batch(listener, 5);
    expect(listener.heard.sort()).toEqual(['0 0', '1 1', '2 2', '3 3', '4 4', 'start']);
    expect(listener.asked).toEqual([0, 1, 2, 3, 4]);
    expect(judging).toHaveBeenCalledTimes(1);
    const reports = listener.outcomes.map((outcome) => (outcome as CompletedExecution).execution);
    expect(new Set(reports.map(({ id }) => id)).size).toBe(5);
    // The judgement was waited for once.
    expect(reports.filter(({ timings }) => timings.policyMs > 0)).toHaveLength(1);
    expect(listener.outcomes[3]).toMatchObject({ stdout: 'out', stderr: 'err', artifacts: [] });
  });

  it('says that it has started before anything else, and tells outcomes in the order in which runs end', async () => {
    scene.executor.outcome = 'wait';
    const listener = new HearingAll();
    const running = scene.batch(listener, 3);
    await settled();
    expect(listener.heard).toEqual(['start']);
    for (const number of [1, 2, 0]) {
      scene.end(number);
      await settled();
    }
    await running;
    expect(listener.heard).toEqual(['start', '1 1', '2 1', '0 1']);
  });

  it('runs no more at once than its caller may have, and leaves none to itself between two inputs', async () => {
    scene.executor.outcome = 'wait';
    const running = scene.batch(new HearingAll(), 5);
    await settled();
    expect(scene.executor.waiting).toHaveLength(PLACES);
    const calls = ['another', 'a third'].map((caller) =>
      scene.service.execute(plainRequest('def main(): return 7'), {
        caller: callerNamed(caller),
        signal: scene.client.signal,
      }),
    );
    const ofCalls = (): number => scene.executor.waiting.filter(({ run }) => run.inputs === null).length;
    await settled();
    expect(ofCalls()).toBe(1);
    scene.end(0);
    await settled();
    expect(ofCalls()).toBe(2);
    scene.client.abort();
    for (const one of [running, ...calls]) {
      await expect(one).rejects.toBeInstanceOf(ExecutionCancelled);
    }
  });

  it('leaves the others alone when one fails', async () => {
    const outcomes: Record<number, Outcome> = {
      1: { status: 'TIMEOUT', line: 3 },
      2: { status: 'MEMORY_LIMIT', message: 'M' },
      4: { status: 'SANDBOX_UNAVAILABLE', cause: 'lost' },
    };
    scene.executor.outcome = (run) => outcomes[numberOf(run)] ?? returning(run);
    const listener = new HearingAll();
    await scene.batch(listener, 6);
    expect(listener.heard.sort()).toEqual(
      ['0 0', '1 TIMEOUT', '2 MEMORY_LIMIT', '3 3', '4 SANDBOX_UNAVAILABLE', '5 5', 'start'].sort(),
    );
    expect(listener.outcomes[1]).toMatchObject({ facts: { stdout: 'out', line: 3, execution: {} } });
  });

  it.each([
    ['a script that is too large', `#${'x'.repeat(100)}`, 'SCRIPT_TOO_LARGE', []],
    ['one that the policy refuses', 'import os', 'POLICY_VIOLATION', []],
    ['one that its parser cannot read', 'def main(:', 'POLICY_VIOLATION', ['compile']],
  ])('throws before it has started for %s', async (_which, script, code, modes) => {
    const listener = new HearingAll();
    await expect(scene.batch(listener, 3, script)).rejects.toMatchObject({ code });
    expect(listener.heard).toEqual([]);
    expect(scene.executor.requests.map(({ mode }) => mode)).toEqual(modes);
    // Its place is free again, and so is the other.
    await scene.batch(listener, PLACES);
  });

  it('tells once of a syntax error that CPython found', async () => {
    scene.executor.outcome = { status: 'SYNTAX_ERROR', message: 'invalid syntax', line: 1, column: 10 };
    const listener = new HearingAll();
    await expect(scene.batch(listener, 3, 'def main(:')).rejects.toMatchObject({
      code: 'SYNTAX_ERROR',
      facts: { line: 1, column: 10 },
    });
    expect([listener.heard, scene.executor.requests.length]).toEqual([[], 1]);
  });

  it('throws before it has started when the service is shutting down', async () => {
    await scene.service.drain(0);
    const listener = new HearingAll();
    await expect(scene.batch(listener, 3)).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
    expect(listener.heard).toEqual([]);
  });

  it('begins with no input, and holds no place, until the listener is ready for it', async () => {
    const listener = new HearingAll();
    const ready: (() => void)[] = [];
    listener.readyFor = (index) => new Promise((resolve) => (ready[index] = resolve));
    const running = scene.batch(listener, 3);
    await settled();
    expect([listener.heard, ready.length, scene.executor.requests]).toEqual([['start'], PLACES + 1, []]);
    // Its places are there for others.
    scene.executor.outcome = 'wait';
    const calls = [1, 2].map(() =>
      scene.service.execute(plainRequest(BATCH_SCRIPT), {
        caller: callerNamed('another'),
        signal: scene.client.signal,
      }),
    );
    await settled();
    expect(scene.executor.waiting).toHaveLength(2);
    scene.executor.outcome = returning;
    scene.executor.waiting.slice().forEach((waiting) => waiting.end(ONE));
    await Promise.all(calls);
    ready[1]?.();
    await settled();
    expect(listener.heard).toEqual(['start', '1 1']);
    ready[0]?.();
    ready[2]?.();
    await running;
    expect(listener.heard.sort()).toEqual(['0 0', '1 1', '2 2', 'start']);
  });

  it('writes a line for each input, with the id of the batch', async () => {
    await scene.batch(new HearingAll(), 3);
    expect(scene.logged.map(({ index }) => index).sort()).toEqual([0, 1, 2]);
    expect(new Set(scene.logged.map((line) => line['batch'])).size).toBe(1);
    expect(scene.logged[0]).toMatchObject({
      msg: 'execution',
      outcome: 'OK',
      inputsBytes: 8,
      scriptChars: 21,
    });
  });

  it('keeps nothing of an input whose outcome was told', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const dead: WeakRef<object>[] = [];
    let alive = 0;
    const listener: BatchListener = {
      onStart: () => undefined,
      readyFor: async (index) => {
        await settled();
        if (index === 40) {
          collect();
          alive = dead.filter((each) => each.deref()).length;
        }
      },
      onOutcome: (_index, outcome) => void dead.push(new WeakRef(outcome)),
    };
    await scene.batch(listener, 41);
    expect(alive).toBeLessThan(10);
  });
});
