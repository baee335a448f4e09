import { existsSync } from 'node:fs';
import { Logger } from '@nestjs/common';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { IsolationProof } from '../self-test/isolation-proof';
import { ScriptedWarmRunner, type Fate } from './scripted-runner.contract';
import { WarmRuntime } from './warm-runtime';

const REQUEST = { id: 'test', script: 'ours', mode: 'run' as const, imports: [] };
const RETURNED = { kind: 'returned', json: Buffer.from('2') };
const never = new AbortController().signal;

/** A runtime whose runners are scripted; the sockets are real. Fates are met in turn, the last one again and again. */
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
  const proof = new IsolationProof(null);
  const runtime = new WarmRuntime(
    {
      limits: DEFAULT_LIMITS,
      maxConcurrency: 2,
      launch: (command) => {
        folders.push(command.cwd);
        const runner = new ScriptedWarmRunner(command, { fateOf, comesUp: world.comesUp });
        runners.push(runner);
        return runner;
      },
      hasRunFolders: false,
      command: (sockets) => ({ file: 'runner', args: [], cwd: sockets }),
    },
    proof,
  );
  runtimes.push(runtime);
  return { runtime, proof, world };
}

const runtimes: WarmRuntime[] = [];

beforeAll(() => {
  Logger.overrideLogger(false);
});
afterEach(async () => {
  await Promise.all(runtimes.splice(0).map((runtime) => runtime.close()));
});

describe('WarmRuntime', () => {
  it('runs scripts in one runner, which it has proved first', async () => {
    const { runtime, proof, world } = create();
    const reports = await Promise.all([1, 2, 3, 4, 5, 6].map(() => runtime.run(REQUEST, never)));
    expect(reports.map(({ end }) => end)).toEqual(Array(6).fill(RETURNED));
    expect(proof.holds).toBe(true);
    expect(world.runners).toHaveLength(1);
  });

  it('starts no runner before it is asked to', async () => {
    const { runtime, world } = create();
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.runners).toHaveLength(0);
    runtime.start();
    runtime.start();
    expect((await runtime.selfTest()).passed).toBe(true);
    expect(world.runners).toHaveLength(1);
  });

  it('starts another runner when it has lost one, and runs in that', async () => {
    const { runtime, world } = create();
    await runtime.run(REQUEST, never);
    world.runners[0]?.exit('ended by SIGKILL');
    expect((await runtime.run(REQUEST, never)).end).toEqual(RETURNED);
    expect(world.runners).toHaveLength(2);
    expect(world.folders.map((folder) => existsSync(folder))).toEqual([false, true]);
  });

  it('runs those in flight once more, in the next runner, when it loses one', async () => {
    const { runtime, world } = create({ fates: ['runs on', 'runner dies', { result: '2' }] });
    const reports = await Promise.all([runtime.run(REQUEST, never), runtime.run(REQUEST, never)]);
    expect(reports.map(({ end }) => end)).toEqual([RETURNED, RETURNED]);
    expect([world.runs(), world.runners.length]).toEqual([4, 2]);
  });

  it('runs a script at most twice, and says why', async () => {
    const { runtime, world } = create({ fates: ['runner dies'] });
    expect((await runtime.run(REQUEST, never)).end).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringContaining('ended with status 255'),
    });
    expect(world.runs()).toBe(2);
  });

  it('does not run a script again whose client has gone meanwhile', async () => {
    const { runtime, world } = create({ fates: ['runner dies'] });
    const controller = new AbortController();
    world.onRun = () => controller.abort();
    await runtime.run(REQUEST, controller.signal);
    expect(world.runs()).toBe(1);
  });

  it('tells at once that it is unavailable, and why, while its runners do not come up', async () => {
    const { runtime } = create({ comesUp: false });
    for (let attempt = 0; attempt < 2; attempt++) {
      expect((await runtime.run(REQUEST, never)).end).toMatchObject({
        kind: 'unavailable',
        cause: expect.stringContaining('status 1: it cannot'),
      });
    }
    expect(await runtime.selfTest()).toMatchObject({
      passed: false,
      cause: expect.stringContaining('it cannot'),
    });
  });

  it('serves again as soon as its runners come up again', async () => {
    const { runtime, world } = create({ comesUp: false });
    expect((await runtime.run(REQUEST, never)).end.kind).toBe('unavailable');
    world.comesUp = true;
    while (!(await runtime.selfTest()).passed) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await runtime.run(REQUEST, never)).end).toEqual(RETURNED);
  });

  it('runs nothing when the first self-test of a runner fails, and ends that runner', async () => {
    const { runtime, proof, world } = create();
    world.proves = false;
    expect((await runtime.run(REQUEST, never)).end).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringContaining('the isolation self-test failed: run'),
    });
    expect([world.runs(), proof.holds]).toEqual([0, false]);
    expect(world.runners[0]?.killed).toBe(true);
    // Asked again when there is no runner: what was found remains to be told.
    expect((await runtime.selfTest()).passed).toBe(false);
    expect(proof.latest?.breached).toBe(true);
  });

  it('runs nothing more in a runner whose later self-test failed, not even while that is dying', async () => {
    const { runtime, world } = create();
    await runtime.run(REQUEST, never);
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
    expect((await runtime.selfTest()).passed).toBe(false);
    await killed;
    const report = runtime.run(REQUEST, never);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.runs()).toBe(1);
    world.proves = true;
    runner.exit('ended by SIGKILL');
    expect((await report).end).toEqual(RETURNED);
    expect([world.runs(), world.runners.length]).toEqual([2, 2]);
  });

  it('fails the self-test that a lost runner cannot finish', async () => {
    const { runtime, world } = create();
    await runtime.selfTest();
    const report = runtime.selfTest();
    world.runners[0]?.exit('ended by SIGKILL');
    expect(await report).toMatchObject({ passed: false, cause: expect.stringContaining('SIGKILL') });
  });

  it('is cancelled before it begins by a signal that has aborted already', async () => {
    const { runtime, world } = create();
    await runtime.selfTest();
    expect((await runtime.run(REQUEST, AbortSignal.abort())).end.kind).toBe('cancelled');
    expect(world.runs()).toBe(0);
  });

  it('cancels a run that has begun, and keeps the runner', async () => {
    const { runtime, world } = create({ fates: ['runs on', { result: '2' }] });
    const controller = new AbortController();
    world.onRun = () => setImmediate(() => controller.abort());
    expect((await runtime.run(REQUEST, controller.signal)).end.kind).toBe('cancelled');
    expect((await runtime.run(REQUEST, never)).end).toEqual(RETURNED);
    expect(world.runners).toHaveLength(1);
  });

  it('ends the runner and what runs when it is closed, removes the folder, and runs nothing afterwards', async () => {
    const { runtime, world } = create({ fates: ['runs on'] });
    const { promise: running, resolve: onRun } = defer();
    world.onRun = onRun;
    const report = runtime.run(REQUEST, never);
    await running;
    await runtime.close();
    expect((await report).end).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringContaining('the service ends'),
    });
    expect(world.folders.map((folder) => existsSync(folder))).toEqual([false]);
    expect((await runtime.run(REQUEST, never)).end).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringContaining('the service ends'),
    });
    expect([world.runs(), world.runners.length]).toEqual([1, 1]);
  });

  it('can be closed without ever having been started', async () => {
    const { runtime, world } = create();
    await runtime.close();
    expect((await runtime.run(REQUEST, never)).end.kind).toBe('unavailable');
    expect(world.runners).toEqual([]);
  });
});

/** A promise and what resolves it. */
function defer() {
  let resolve!: () => void;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
