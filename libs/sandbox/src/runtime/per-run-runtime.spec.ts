import { DEFAULT_LIMITS } from '@pycell/contracts';
import { FrameType } from '../protocol/frames';
import { IsolationProof } from '../self-test/isolation-proof';
import { PerRunRuntime } from './per-run-runtime';
import type { RunnerCommand } from './runner-launcher';
import { runnerOfOneRun, ScriptedRunner, settled, type Fate } from './scripted-runner.contract';

const REQUEST = { id: 'test', script: 'ours', mode: 'run' as const, imports: [] };
const COMMAND: RunnerCommand = { file: 'runner', args: [], cwd: '/' };
const never = new AbortController().signal;

/** The proof's script returns 1, as it has to; `REQUEST` meets the fates in turn, the last one again and again. */
function create({ fates = [{ result: '2' }], proves = true }: { fates?: Fate[]; proves?: boolean } = {}) {
  const scripts: string[] = [];
  const runners: ScriptedRunner[] = [];
  let prepared = 0;
  let givenBack = 0;
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
    places: () => ({ prepared, givenBack }),
  };
  const proof = new IsolationProof(null);
  const runtime = new PerRunRuntime(
    {
      limits: DEFAULT_LIMITS,
      launch: () => {
        const runner = world.launch();
        runners.push(runner);
        return runner;
      },
      prepare: () => {
        prepared++;
        const giveBack = (): Promise<void> => {
          givenBack++;
          return Promise.resolve();
        };
        return Promise.resolve({ command: COMMAND, giveBack });
      },
    },
    proof,
  );
  return { runtime, proof, world };
}

describe('PerRunRuntime', () => {
  it('proves the isolation before the first run, and not again before the next', async () => {
    const { runtime, proof, world } = create();
    expect((await runtime.run(REQUEST, never)).end).toEqual({ kind: 'returned', json: Buffer.from('2') });
    await runtime.run(REQUEST, never);
    expect(world.scripts).toEqual(['proof', 'ours', 'ours']);
    expect(proof.holds).toBe(true);
  });

  it('proves it ahead when it is started', async () => {
    const { runtime, world } = create();
    runtime.start();
    await runtime.selfTest();
    await runtime.run(REQUEST, never);
    expect(world.scripts).toEqual(['proof', 'ours']);
  });

  it('makes one proof for all who need one at the same time', async () => {
    const { runtime, world } = create();
    await Promise.all([runtime.run(REQUEST, never), runtime.run(REQUEST, never), runtime.selfTest()]);
    expect(world.scripts.filter((script) => script === 'proof')).toHaveLength(1);
  });

  it('counts the wait for the proof as time that the run took to start', async () => {
    const { runtime, world } = create();
    const requestedAt = performance.now();
    const { launch } = world;
    let provedAt = Infinity;
    world.launch = () => {
      // The second one is that of the run: then there is a proof.
      provedAt = performance.now();
      return launch();
    };
    const { startMs } = await runtime.run(REQUEST, never);
    expect(world.runners).toHaveLength(2);
    expect(startMs).toBeGreaterThanOrEqual(provedAt - requestedAt);
  });

  it('runs nothing while the proof fails, and tries it again for the next who asks', async () => {
    const { runtime, world } = create({ proves: false });
    for (let attempt = 0; attempt < 2; attempt++) {
      expect((await runtime.run(REQUEST, never)).end).toMatchObject({
        kind: 'unavailable',
        cause: 'the isolation self-test failed: run',
      });
    }
    expect(world.scripts).toEqual(['proof', 'proof']);
    world.proves = true;
    expect((await runtime.run(REQUEST, never)).end.kind).toBe('returned');
  });

  it('runs nothing more once a later proof has failed', async () => {
    const { runtime, world } = create();
    await runtime.run(REQUEST, never);
    world.proves = false;
    expect((await runtime.selfTest()).passed).toBe(false);
    expect((await runtime.run(REQUEST, never)).end.kind).toBe('unavailable');
    expect(world.scripts.filter((script) => script === 'ours')).toHaveLength(1);
  });

  it('runs a script once more when its run was lost', async () => {
    const { runtime, world } = create({ fates: ['runner dies', { result: '2' }] });
    expect((await runtime.run(REQUEST, never)).end.kind).toBe('returned');
    expect(world.scripts).toEqual(['proof', 'ours', 'ours']);
  });

  it('runs a script at most twice, and says why', async () => {
    const { runtime, world } = create({ fates: ['runner dies'] });
    expect((await runtime.run(REQUEST, never)).end).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringContaining('ended with status 255'),
    });
    expect(world.scripts).toEqual(['proof', 'ours', 'ours']);
  });

  it('tells that a run is gone when its runner has ended and what it had is given back', async () => {
    const { runtime, world } = create();
    const { gone } = await runtime.run(REQUEST, never);
    await gone;
    await settled();
    expect(world.places()).toEqual({ prepared: 2, givenBack: 2 });
    expect(world.runners.map(({ killed }) => killed)).toEqual([false, false]);
  });

  it('launches nothing for a run that is cancelled before it begins', async () => {
    const { runtime, world } = create();
    await runtime.selfTest();
    const { end, gone } = await runtime.run(REQUEST, AbortSignal.abort());
    expect(end.kind).toBe('cancelled');
    await gone;
    await settled();
    expect(world.runners).toHaveLength(1);
    expect(world.places()).toEqual({ prepared: 2, givenBack: 2 });
  });

  it('ends a runner that is still starting when its run is cancelled', async () => {
    const { runtime, world } = create();
    await runtime.selfTest();
    world.launch = () => new ScriptedRunner();
    const controller = new AbortController();
    const report = runtime.run(REQUEST, controller.signal);
    await settled();
    controller.abort();
    expect((await report).end.kind).toBe('cancelled');
    expect(world.runners.map(({ killed }) => killed)).toEqual([false, true]);
  });

  it('cancels a run that has begun in an orderly way', async () => {
    const { runtime, world } = create({ fates: ['runs on'] });
    await runtime.selfTest();
    const controller = new AbortController();
    const report = runtime.run(REQUEST, controller.signal);
    await settled();
    controller.abort();
    const { end, gone } = await report;
    expect(end.kind).toBe('cancelled');
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
      ({ connection }) => connection.say(FrameType.Failure, { code: 'INTERNAL', message: 'seccomp' }),
      'seccomp',
    ],
  ])('kills a runner %s, and gives nothing to it', async (_what, act, cause) => {
    const { runtime, world } = create();
    await runtime.selfTest();
    world.launch = () => {
      const runner = new ScriptedRunner();
      setImmediate(() => act(runner));
      return runner;
    };
    const { end } = await runtime.run(REQUEST, never);
    expect(end).toMatchObject({ kind: 'unavailable', cause: expect.stringContaining(cause) });
    expect(world.runners.slice(1).map(({ killed, connection }) => [killed, connection.heard])).toEqual([
      [true, []],
      [true, []],
    ]);
  });

  it('rejects, having run nothing, when the host cannot give what a run needs', async () => {
    const { runtime, world } = create();
    await runtime.selfTest();
    world.launch = () => {
      throw new Error('EAGAIN');
    };
    await expect(runtime.run(REQUEST, never)).rejects.toThrow('EAGAIN');
  });

  it('ends what runs when it is closed, waits until that is gone, and runs nothing afterwards', async () => {
    const { runtime, world } = create({ fates: ['runs on'] });
    await runtime.selfTest();
    const report = runtime.run(REQUEST, never);
    await settled();
    await runtime.close();
    expect(world.places()).toEqual({ prepared: 2, givenBack: 2 });
    expect((await report).end.kind).toBe('unavailable');
    const { end, gone } = await runtime.run(REQUEST, never);
    expect(end).toMatchObject({ kind: 'unavailable', cause: expect.stringContaining('the service ends') });
    await gone;
    expect(world.runners.map(({ killed }) => killed)).toEqual([false, true]);
    expect(world.places()).toEqual({ prepared: 3, givenBack: 3 });
  });
});

describe('PerRunRuntime, with a runner that hangs,', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  it('gives up on one that does not start', async () => {
    const { runtime, world } = create();
    await runtime.selfTest();
    world.launch = () => new ScriptedRunner();
    const report = runtime.run(REQUEST, never);
    for (const tries of [1, 2]) {
      await settled();
      expect(world.runners).toHaveLength(1 + tries);
      jest.advanceTimersByTime(20_000);
    }
    expect((await report).end).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringContaining('did not start in time'),
    });
  });

  it('keeps the outcome of one that does not exit, and kills it', async () => {
    const { runtime, world } = create();
    await runtime.selfTest();
    world.launch = () => new ScriptedRunner();
    const report = runtime.run(REQUEST, never);
    await settled();
    const [, runner] = world.runners;
    runner?.connection.say(FrameType.Ready, { residentBytes: 1, cpuMs: 1 });
    runner?.connection.say(FrameType.Result, '3');
    runner?.control.say(FrameType.Ended, { cause: 'finished' });
    const { end, gone } = await report;
    expect(end).toEqual({ kind: 'returned', json: Buffer.from('3') });
    jest.advanceTimersByTime(1_999);
    expect(runner?.killed).toBe(false);
    jest.advanceTimersByTime(1);
    expect(runner?.killed).toBe(true);
    await gone;
  });
});
