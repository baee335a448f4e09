import { ScriptedConnection, scriptedControl, settled } from '../conversation/scripted-runner.contract';
import type { Spare } from '../conversation/spare';
import { FrameType } from '../protocol/frames';
import { failedReport, reportOf, type SelfTestReport } from '../run/self-test-report';
import { ProvedSpares } from './proved-spares';
import { SparePool } from './spare-pool';

const PASSED = reportOf([{ name: 'run', passed: true }]);
const BREACHED = reportOf([{ name: 'run', passed: false }]);
const IDLE_MS = 60;
const START_MS = 50;

interface Setting {
  readonly reports?: SelfTestReport[];
  readonly onDemand?: boolean;
  /** Whether spares come up. */
  readonly comesUp?: boolean;
}

/** Spares that become ready at once; proofs are met in turn, the last one again and again. */
function create({ reports = [PASSED], onDemand = true, comesUp = true }: Setting = {}) {
  const connections: ScriptedConnection[] = [];
  const told: string[] = [];
  const proofs: Spare[] = [];
  const connect = (): ScriptedConnection => {
    const connection = new ScriptedConnection();
    const number = connections.push(connection);
    if (comesUp) {
      setImmediate(() => connection.say(FrameType.Ready, { residentBytes: 1, cpuMs: 1 }, number));
    }
    return connection;
  };
  const pool = new SparePool(
    scriptedControl().control,
    { size: 1, isOnDemand: onDemand, stuckMs: 15_000, startMs: START_MS, maxOutcomeBytes: 1000, connect },
    {
      onIdle: () => undefined,
      onFault: () => undefined,
      onUnused: () => undefined,
      onBroken: () => undefined,
    },
  );
  const spares = new ProvedSpares(
    pool,
    {
      connected: Promise.resolve(),
      loss: new AbortController().signal,
      prove: (spare) => {
        const report = reports[Math.min(proofs.push(spare), reports.length) - 1];
        pool.fill();
        return Promise.resolve(report ?? PASSED);
      },
      fail: (cause) => told.push(`fail: ${cause}`),
      onFault: (cause) => told.push(cause),
    },
    onDemand ? { spares: 1, idleMs: IDLE_MS } : null,
    START_MS,
  );
  pools.push(spares);
  return { spares, connections, told, proofs };
}

const pools: ProvedSpares[] = [];

// A machine that is busy must not make a spare late.
beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
afterEach(() => {
  pools.splice(0).forEach((spares) => spares.close());
  jest.useRealTimers();
});

/** Has so much time pass, and what comes of it be heard. */
async function pass(ms: number): Promise<void> {
  await settled();
  jest.advanceTimersByTime(ms);
  await settled();
}

/** Opens those that have ended: a pool asks for the next one a little later. */
async function openAgain(spares: ProvedSpares): Promise<void> {
  const opened = spares.open();
  await pass(20);
  await opened;
}

describe('ProvedSpares', () => {
  it('are not handed out before the isolation is proved, once for all who ask', async () => {
    const { spares, proofs } = create();
    expect(spares.take()).toBeNull();
    await Promise.all([spares.open(), spares.open()]);
    await settled();
    expect(proofs).toHaveLength(1);
    expect(spares.take()?.state).toBe('cold');
  });

  it('of a kind on demand end when they were not used for a while, and are proved anew for who asks next', async () => {
    const { spares, connections, proofs } = create();
    await spares.open();
    await settled();
    const before = connections.length;
    await pass(2 * IDLE_MS);
    expect(spares.take()).toBeNull();
    expect(connections.at(-1)?.destroyed).toBe(true);
    expect(connections).toHaveLength(before);
    await openAgain(spares);
    await settled();
    expect(spares.take()?.state).toBe('cold');
    expect([proofs.length, connections.length]).toEqual([2, before + 2]);
  });

  it('of a kind on demand stay while they are used', async () => {
    const { spares, proofs } = create();
    await spares.open();
    for (let use = 0; use < 6; use++) {
      await pass(IDLE_MS - 1);
      expect(spares.take()).not.toBeNull();
      spares.pool.fill();
    }
    expect(proofs).toHaveLength(1);
  });

  it('of a kind that there always is end only with the runner', async () => {
    const { spares, connections } = create({ onDemand: false });
    await spares.open();
    await pass(2 * IDLE_MS);
    // The one that the proof was made in, and the one that has taken its place.
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([false, false]);
    expect(spares.take()).not.toBeNull();
  });

  it('of a zygote that had not settled its memory are replaced when its successor is ready, those of others are not', async () => {
    const { spares, connections } = create();
    spares.onZygote(false);
    await spares.open();
    await settled();
    const kept = connections.at(-1);
    spares.onZygote(true);
    await pass(10);
    expect(kept?.destroyed).toBe(true);
    const next = connections.at(-1);
    expect(next?.destroyed).toBe(false);
    spares.onZygote(true);
    await pass(10);
    expect(connections.at(-1)).toBe(next);
    expect(spares.take()).not.toBeNull();
  });

  it('are open while their zygote lives; those that it has forked before its death are handed out all the same', async () => {
    const { spares } = create();
    await spares.open();
    await settled();
    expect(spares.state).toEqual({ isOpen: true, spares: 1 });
    spares.onZygoteLost();
    expect(spares.state).toEqual({ isOpen: false, spares: 1 });
    spares.onZygote(true);
    expect(spares.state.isOpen).toBe(true);
    spares.onZygoteLost();
    expect(spares.take()).not.toBeNull();
  });

  it('are tried to prove three times, where it cannot be made', async () => {
    const { spares, told, proofs } = create({
      reports: [failedReport('slow'), failedReport('slow'), PASSED],
    });
    await spares.open();
    expect([proofs.length, told]).toEqual([3, ['slow', 'slow']]);
  });

  it('end the runner where that always is needs a proof that cannot be made', async () => {
    const { spares, told } = create({ reports: [failedReport('slow')], onDemand: false });
    await expect(spares.open()).rejects.toThrow('slow');
    expect(told).toEqual(['slow', 'slow', 'fail: slow']);
  });

  it('of a kind on demand leave the runner alone then, and can be tried again', async () => {
    const { spares, told, proofs } = create({ reports: [BREACHED, PASSED] });
    await expect(spares.open()).rejects.toThrow('run');
    await openAgain(spares);
    expect([proofs.length, told]).toEqual([2, []]);
  });

  it('are proved once their zygote has been started, however long that takes', async () => {
    const { spares, connections, told, proofs } = create({ comesUp: false, onDemand: false });
    const opened = spares.open();
    await pass(START_MS - 1);
    expect([proofs.length, told]).toEqual([0, []]);
    connections[0]?.say(FrameType.Ready, { residentBytes: 1, cpuMs: 1 }, 1);
    await opened;
    expect([proofs.length, told]).toEqual([1, []]);
  });

  it('of a kind on demand are given up when the zygote does not become ready in time', async () => {
    const { spares, connections, proofs } = create({ comesUp: false });
    const opened = expect(spares.open()).rejects.toThrow('did not become ready in time');
    await pass(START_MS);
    await opened;
    expect([proofs.length, connections.map(({ destroyed }) => destroyed)]).toEqual([0, [true]]);
  });
});
