import { DEFAULT_LIMITS } from '@pycell/contracts';
import { FrameType } from '../protocol/frames';
import {
  failed,
  returned,
  runnerOfOneRun,
  ScriptedRunner,
  settled,
  type Fate,
} from '../conversation/scripted-runner.contract';
import type { ExecutorRecipe, PerRunLaunch } from '../launch/recipe';
import type { RunnerCommand } from '../launch/runner-launcher';
import { runObserved } from '../run/observed-run.contract';
import { PerRunExecutor } from './per-run-executor';
import { plainRun } from '../run/run';

const REQUEST = plainRun('ours');
const COMMAND: RunnerCommand = { file: 'runner', args: [], cwd: '/' };
const never = new AbortController().signal;

/** The proof's script returns 1, as it has to; `REQUEST` meets the fates in turn, the last one again and again. */
function create({ fates = [{ result: '2' }], proves = true }: { fates?: Fate[]; proves?: boolean } = {}) {
  const scripts: string[] = [];
  const runners: ScriptedRunner[] = [];
  let prepared = 0;
  let released = 0;
  let turn = 0;
  const world = {
    launch: (): ScriptedRunner =>
      runnerOfOneRun((script) => {
        scripts.push(script === REQUEST.script ? 'ours' : 'proof');
        if (script !== REQUEST.script) {
          return { result: world.proves ? '1' : '0' };
        }
        return fates[Math.min(turn++, fates.length - 1)] ?? 'runs on';
      }),
    proves,
    scripts,
    runners,
    places: () => ({ prepared, released }),
  };
  const way: PerRunLaunch = {
    way: 'per-run',
    prepare: () => {
      prepared++;
      const release = (): Promise<void> => {
        released++;
        return Promise.resolve();
      };
      return Promise.resolve({ command: COMMAND, release });
    },
  };
  const recipe: ExecutorRecipe = {
    isolation: 'nsjail-per-run',
    promises: [],
    remedy: '',
    takesFiles: true,
    pythonManifest: '/nowhere',
    limits: DEFAULT_LIMITS,
    maxConcurrency: 2,
    selfTest: { script: 'proof', judge: (value) => [{ name: 'run', passed: value === 1 }] },
    launch: way,
  };
  const executor = new PerRunExecutor(recipe, way, () => {
    const runner = world.launch();
    runners.push(runner);
    return runner;
  });
  const run = (signal = never) => runObserved(executor, REQUEST, signal);
  return { executor, run, world };
}

describe('PerRunExecutor', () => {
  it('proves the isolation before the first run, and not again before the next', async () => {
    const { executor, run, world } = create();
    expect((await run()).outcome).toEqual({ status: 'OK', result: Buffer.from('2') });
    await run();
    expect(world.scripts).toEqual(['proof', 'ours', 'ours']);
    expect(executor.latestSelfTest?.passed).toBe(true);
  });

  it('proves it ahead when it is started', async () => {
    const { executor, run, world } = create();
    executor.start();
    await executor.selfTest();
    await run();
    expect(world.scripts).toEqual(['proof', 'ours']);
  });

  it('makes one proof for all who need one at the same time', async () => {
    const { executor, run, world } = create();
    await Promise.all([run(), run(), executor.selfTest()]);
    expect(world.scripts.filter((script) => script === 'proof')).toHaveLength(1);
  });

  it('counts the wait for the proof as time that the run took to start', async () => {
    const { run, world } = create();
    const { launch } = world;
    // The first is that of the proof, the second one that of the run.
    const launchedAt: number[] = [];
    world.launch = () => {
      launchedAt.push(performance.now());
      return launch();
    };
    const { startMs } = await run();
    expect(world.runners).toHaveLength(2);
    const [proofAt = Infinity, runAt = Infinity] = launchedAt;
    expect(startMs).toBeGreaterThanOrEqual(runAt - proofAt);
  });

  it('runs nothing while the proof fails, and tries it again for the next who asks', async () => {
    const { run, world } = create({ proves: false });
    for (let attempt = 0; attempt < 2; attempt++) {
      expect((await run()).outcome).toMatchObject({
        status: 'SANDBOX_UNAVAILABLE',
        cause: 'the isolation self-test failed: run',
      });
    }
    expect(world.scripts).toEqual(['proof', 'proof']);
    world.proves = true;
    expect((await run()).outcome.status).toBe('OK');
  });

  it('runs nothing more once a later proof has failed', async () => {
    const { executor, run, world } = create();
    await run();
    world.proves = false;
    expect((await executor.selfTest()).passed).toBe(false);
    expect((await run()).outcome.status).toBe('SANDBOX_UNAVAILABLE');
    expect(world.scripts.filter((script) => script === 'ours')).toHaveLength(1);
  });

  it('runs a script once more when its run was lost', async () => {
    const { run, world } = create({ fates: ['runner dies', { result: '2' }] });
    expect((await run()).outcome.status).toBe('OK');
    expect(world.scripts).toEqual(['proof', 'ours', 'ours']);
  });

  it('runs a script at most twice, and says why', async () => {
    const { run, world } = create({ fates: ['runner dies'] });
    expect((await run()).outcome).toMatchObject({
      status: 'SANDBOX_UNAVAILABLE',
      cause: expect.stringContaining('ended with status 255'),
    });
    expect(world.scripts).toEqual(['proof', 'ours', 'ours']);
  });

  it('tells that a run is gone when its runner has ended and what it had is given back', async () => {
    const { run, world } = create();
    const { gone } = await run();
    await gone;
    await settled();
    expect(world.places()).toEqual({ prepared: 2, released: 2 });
    expect(world.runners.map(({ killed }) => killed)).toEqual([false, false]);
  });

  it('launches nothing for a run that is cancelled before it begins', async () => {
    const { executor, run, world } = create();
    await executor.selfTest();
    const { outcome, gone } = await run(AbortSignal.abort());
    expect(outcome.status).toBe('CANCELLED');
    await gone;
    await settled();
    expect(world.runners).toHaveLength(1);
    expect(world.places()).toEqual({ prepared: 2, released: 2 });
  });

  it('ends a runner that is still starting when its run is cancelled', async () => {
    const { executor, run, world } = create();
    await executor.selfTest();
    world.launch = () => new ScriptedRunner();
    const controller = new AbortController();
    const report = run(controller.signal);
    await settled();
    controller.abort();
    expect((await report).outcome.status).toBe('CANCELLED');
    expect(world.runners.map(({ killed }) => killed)).toEqual([false, true]);
  });

  it('cancels a run that has begun in an orderly way', async () => {
    const { executor, run, world } = create({ fates: ['runs on'] });
    await executor.selfTest();
    const controller = new AbortController();
    const report = run(controller.signal);
    await settled();
    controller.abort();
    const { outcome, gone } = await report;
    expect(outcome.status).toBe('CANCELLED');
    await gone;
    expect(world.runners[1]?.control.heardTypes.at(-1)).toBe('Cancel');
    expect(world.runners[1]?.killed).toBe(false);
  });

  it.each<[string, (runner: ScriptedRunner) => void, string]>([
    [
      'of another protocol',
      ({ control }) => control.say(FrameType.Hello, { protocol: 1 }),
      'speaks protocol 1',
    ],
    [
      'that speaks out of turn',
      ({ control }) => control.sayBytes(Buffer.from('Traceback (most')),
      'not a frame',
    ],
    [
      'whose run cannot be locked down',
      ({ connection }) => connection.say(FrameType.Outcome, failed('INTERNAL', 'seccomp')),
      'seccomp',
    ],
  ])('kills a runner %s, and gives nothing to it', async (_what, act, cause) => {
    const { executor, run, world } = create();
    await executor.selfTest();
    world.launch = () => {
      const runner = new ScriptedRunner();
      setImmediate(() => act(runner));
      return runner;
    };
    const { outcome } = await run();
    expect(outcome).toMatchObject({ status: 'SANDBOX_UNAVAILABLE', cause: expect.stringContaining(cause) });
    expect(world.runners.slice(1).map(({ killed, connection }) => [killed, connection.heard])).toEqual([
      [true, []],
      [true, []],
    ]);
  });

  it('rejects, having run nothing, when the host cannot give what a run needs', async () => {
    const { executor, run, world } = create();
    await executor.selfTest();
    world.launch = () => {
      throw new Error('EAGAIN');
    };
    await expect(run()).rejects.toThrow('EAGAIN');
  });

  it('ends what runs when it is closed, waits until that is gone, and runs nothing afterwards', async () => {
    const { executor, run, world } = create({ fates: ['runs on'] });
    await executor.selfTest();
    const report = run();
    await settled();
    await executor.close();
    expect(world.places()).toEqual({ prepared: 2, released: 2 });
    expect((await report).outcome.status).toBe('SANDBOX_UNAVAILABLE');
    const { outcome, gone } = await run();
    expect(outcome).toMatchObject({
      status: 'SANDBOX_UNAVAILABLE',
      cause: expect.stringContaining('the service ends'),
    });
    await gone;
    expect(world.runners.map(({ killed }) => killed)).toEqual([false, true]);
    expect(world.places()).toEqual({ prepared: 3, released: 3 });
  });
});

describe('PerRunExecutor, with a runner that hangs,', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  it('gives up on one that does not start', async () => {
    const { executor, run, world } = create();
    await executor.selfTest();
    world.launch = () => new ScriptedRunner();
    const report = run();
    for (const tries of [1, 2]) {
      await settled();
      expect(world.runners).toHaveLength(1 + tries);
      jest.advanceTimersByTime(20_000);
    }
    expect((await report).outcome).toMatchObject({
      status: 'SANDBOX_UNAVAILABLE',
      cause: expect.stringContaining('did not start in time'),
    });
  });

  it('keeps the outcome of one that does not exit, and kills it', async () => {
    const { executor, run, world } = create();
    await executor.selfTest();
    world.launch = () => new ScriptedRunner();
    const report = run();
    await settled();
    const [, runner] = world.runners;
    runner?.connection.say(FrameType.Ready, { residentBytes: 1, cpuMs: 1 });
    await settled();
    runner?.connection.say(FrameType.Outcome, returned('3'));
    runner?.control.say(FrameType.Ended, { status: 'OK' });
    const { outcome, gone } = await report;
    expect(outcome).toEqual({ status: 'OK', result: Buffer.from('3') });
    jest.advanceTimersByTime(1_999);
    expect(runner?.killed).toBe(false);
    jest.advanceTimersByTime(1);
    expect(runner?.killed).toBe(true);
    await gone;
  });
});
