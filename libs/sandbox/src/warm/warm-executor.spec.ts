import { existsSync } from 'node:fs';
import { Logger } from '@nestjs/common';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { ScriptedWarmRunner, type Fate } from '../conversation/scripted-runner.contract';
import { FrameType } from '../protocol/frames';
import type { ExecutorRecipe, WarmLaunch } from '../launch/recipe';
import { runObserved } from '../run/observed-run.contract';
import { WarmExecutor } from './warm-executor';
import { plainRun } from '../run/run';

const REQUEST = plainRun('ours');
const RETURNED = { status: 'OK', result: Buffer.from('2') };
const never = new AbortController().signal;

/** An executor whose runners are scripted; the sockets are real. Fates are met in turn, the last one again and again. */
function create({ fates = [{ result: '2' }], comesUp = true }: { fates?: Fate[]; comesUp?: boolean } = {}) {
  const runners: ScriptedWarmRunner[] = [];
  const folders: string[] = [];
  let turn = 0;
  const world = {
    runners,
    folders,
    comesUp,
    proves: true,
    /** How often a script other than the proof's was met. */
    runs: () => turn,
    onRun: (): void => undefined,
  };
  const fateOf = (script: string): Fate => {
    if (script !== REQUEST.script) {
      return { result: world.proves ? '1' : '0' };
    }
    const fate = fates[Math.min(turn++, fates.length - 1)] ?? 'runs on';
    world.onRun();
    return fate;
  };
  const way: WarmLaunch = {
    way: 'warm',
    hasRunFolders: false,
    command: (sockets) => ({ file: 'runner', args: [], cwd: sockets }),
  };
  const recipe: ExecutorRecipe = {
    isolation: 'nsjail',
    promises: [],
    remedy: '',
    takesFiles: true,
    pythonManifest: '/nowhere',
    limits: DEFAULT_LIMITS,
    maxConcurrency: 2,
    selfTest: { script: 'proof', judge: (value) => [{ name: 'run', passed: value === 1 }] },
    launch: way,
  };
  const executor = new WarmExecutor(recipe, way, (command) => {
    folders.push(command.cwd);
    const runner = new ScriptedWarmRunner(command, { fateOf, comesUp: world.comesUp });
    runners.push(runner);
    return runner;
  });
  executors.push(executor);
  const run = (signal = never) => runObserved(executor, REQUEST, signal);
  return { executor, run, world };
}

const executors: WarmExecutor[] = [];

beforeAll(() => {
  Logger.overrideLogger(false);
});
afterEach(async () => {
  await Promise.all(executors.splice(0).map((executor) => executor.close()));
});

describe('WarmExecutor', () => {
  it('runs scripts in one runner, which it has proved first', async () => {
    const { executor, run, world } = create();
    const reports = await Promise.all([1, 2, 3, 4, 5, 6].map(() => run()));
    expect(reports.map(({ outcome }) => outcome)).toEqual(Array(6).fill(RETURNED));
    expect(executor.latestSelfTest?.passed).toBe(true);
    expect(world.runners).toHaveLength(1);
  });

  it('starts no runner before it is asked to', async () => {
    const { executor, world } = create();
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.runners).toHaveLength(0);
    executor.start();
    executor.start();
    expect((await executor.selfTest()).passed).toBe(true);
    expect(world.runners).toHaveLength(1);
  });

  it('starts another runner when it has lost one, and runs in that', async () => {
    const { run, world } = create();
    await run();
    world.runners[0]?.exit('ended by SIGKILL');
    expect((await run()).outcome).toEqual(RETURNED);
    expect(world.runners).toHaveLength(2);
    expect(world.folders.map((folder) => existsSync(folder))).toEqual([false, true]);
  });

  it('counts the jails that it had to replace, and tells which kinds have spares', async () => {
    const { executor, run, world } = create();
    expect(executor.engine).toMatchObject({
      jailRestarts: 0,
      kinds: [{ kind: 'bare', isOpen: false }, {}, {}],
    });
    await run();
    expect(executor.engine.kinds[0]).toMatchObject({ kind: 'bare', isOpen: true, restarts: 0 });
    world.runners[0]?.exit('ended by SIGKILL');
    await run();
    expect(executor.engine).toMatchObject({
      jailRestarts: 1,
      kinds: [{ isOpen: true, restarts: 0 }, {}, {}],
    });
  });

  it('counts the zygotes that died and came again, and no planned successors', async () => {
    const { executor, run, world } = create();
    await run();
    const say = (type: FrameType, more = {}) =>
      world.runners[0]?.control.say(type, { kind: 'bare', ...more }, 0);
    const sayReady = () => say(FrameType.Zygote, { modules: [], figures: [] });
    const bare = () => executor.engine.kinds[0];
    sayReady();
    sayReady();
    expect(bare()).toMatchObject({ isOpen: true, restarts: 0 });
    say(FrameType.Lost);
    expect(bare()).toMatchObject({ isOpen: false, restarts: 0 });
    sayReady();
    expect(bare()).toMatchObject({ isOpen: true, restarts: 1 });
    sayReady();
    // One that is lost with its jail is the jail's loss.
    say(FrameType.Lost);
    world.runners[0]?.exit('ended by SIGKILL');
    await run();
    expect(executor.engine).toMatchObject({
      jailRestarts: 1,
      kinds: [{ isOpen: true, restarts: 1 }, {}, {}],
    });
  });

  it('runs those in flight once more, in the next runner, when it loses one', async () => {
    const { run, world } = create({ fates: ['runs on', 'runner dies', { result: '2' }] });
    const reports = await Promise.all([run(), run()]);
    expect(reports.map(({ outcome }) => outcome)).toEqual([RETURNED, RETURNED]);
    expect([world.runs(), world.runners.length]).toEqual([4, 2]);
  });

  it('runs a script at most twice, and says why', async () => {
    const { run, world } = create({ fates: ['runner dies'] });
    expect((await run()).outcome).toMatchObject({
      status: 'SANDBOX_UNAVAILABLE',
      cause: expect.stringContaining('ended with status 255'),
    });
    expect(world.runs()).toBe(2);
  });

  it('does not run a script again whose client has gone meanwhile', async () => {
    const { run, world } = create({ fates: ['runner dies'] });
    const controller = new AbortController();
    world.onRun = () => controller.abort();
    await run(controller.signal);
    expect(world.runs()).toBe(1);
  });

  it('tells at once that it is unavailable, and why, while its runners do not come up', async () => {
    const { executor, run } = create({ comesUp: false });
    for (let attempt = 0; attempt < 2; attempt++) {
      expect((await run()).outcome).toMatchObject({
        status: 'SANDBOX_UNAVAILABLE',
        cause: expect.stringContaining('status 1: it cannot'),
      });
    }
    expect(await executor.selfTest()).toMatchObject({
      passed: false,
      cause: expect.stringContaining('it cannot'),
    });
  });

  it('serves again as soon as its runners come up again', async () => {
    const { executor, run, world } = create({ comesUp: false });
    expect((await run()).outcome.status).toBe('SANDBOX_UNAVAILABLE');
    world.comesUp = true;
    while (!(await executor.selfTest()).passed) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await run()).outcome).toEqual(RETURNED);
  });

  it('runs nothing when the first self-test of a runner fails, and ends that runner', async () => {
    const { executor, run, world } = create();
    world.proves = false;
    expect((await run()).outcome).toMatchObject({
      status: 'SANDBOX_UNAVAILABLE',
      cause: expect.stringContaining('the isolation self-test failed: run'),
    });
    expect([world.runs(), executor.latestSelfTest?.passed]).toEqual([0, false]);
    expect(world.runners[0]?.killed).toBe(true);
    // Asked again when there is no runner: what was found remains to be told.
    expect((await executor.selfTest()).passed).toBe(false);
    expect(executor.latestSelfTest?.breached).toBe(true);
  });

  it('runs nothing more in a runner whose later self-test failed, not even while that is dying', async () => {
    const { executor, run, world } = create();
    await run();
    const [runner] = world.runners;
    if (!runner) {
      throw new Error('there is no runner');
    }
    const { promise: killed, resolve: onKilled } = defer();
    runner.kill = () => {
      runner.killed = true;
      onKilled();
    };
    world.proves = false;
    expect((await executor.selfTest()).passed).toBe(false);
    await killed;
    const report = run();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.runs()).toBe(1);
    world.proves = true;
    runner.exit('ended by SIGKILL');
    expect((await report).outcome).toEqual(RETURNED);
    expect([world.runs(), world.runners.length]).toEqual([2, 2]);
  });

  it('fails the self-test that a lost runner cannot finish', async () => {
    const { executor, world } = create();
    await executor.selfTest();
    const report = executor.selfTest();
    world.runners[0]?.exit('ended by SIGKILL');
    expect(await report).toMatchObject({ passed: false, cause: expect.stringContaining('SIGKILL') });
  });

  it('is cancelled before it begins by a signal that has aborted already', async () => {
    const { executor, run, world } = create();
    await executor.selfTest();
    expect((await run(AbortSignal.abort())).outcome.status).toBe('CANCELLED');
    expect(world.runs()).toBe(0);
  });

  it('cancels a run that has begun, and keeps the runner', async () => {
    const { run, world } = create({ fates: ['runs on', { result: '2' }] });
    const controller = new AbortController();
    world.onRun = () => setImmediate(() => controller.abort());
    expect((await run(controller.signal)).outcome.status).toBe('CANCELLED');
    expect((await run()).outcome).toEqual(RETURNED);
    expect(world.runners).toHaveLength(1);
  });

  it('ends the runner and what runs when it is closed, removes the folder, and runs nothing afterwards', async () => {
    const { executor, run, world } = create({ fates: ['runs on'] });
    const { promise: running, resolve: onRun } = defer();
    world.onRun = onRun;
    const report = run();
    await running;
    await executor.close();
    expect((await report).outcome).toMatchObject({
      status: 'SANDBOX_UNAVAILABLE',
      cause: expect.stringContaining('the service ends'),
    });
    expect(world.folders.map((folder) => existsSync(folder))).toEqual([false]);
    expect((await run()).outcome).toMatchObject({
      status: 'SANDBOX_UNAVAILABLE',
      cause: expect.stringContaining('the service ends'),
    });
    expect([world.runs(), world.runners.length]).toEqual([1, 1]);
  });

  it('can be closed without ever having been started', async () => {
    const { executor, run, world } = create();
    await executor.close();
    expect((await run()).outcome.status).toBe('SANDBOX_UNAVAILABLE');
    expect(world.runners).toEqual([]);
  });
});

/** A promise and what resolves it. */
function defer() {
  let resolve!: () => void;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
