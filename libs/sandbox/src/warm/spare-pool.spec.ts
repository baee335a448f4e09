import { FrameType } from '../protocol/frames';
import {
  failed,
  ScriptedConnection,
  scriptedControl,
  settled,
} from '../conversation/scripted-runner.contract';
import { SparePool } from './spare-pool';

const never = new AbortController().signal;

/** A pool of two; `connections` are those it has opened, in order. */
function create(world = { hasTimeToWarm: false }, isOnDemand = false) {
  const connections: ScriptedConnection[] = [];
  const told: unknown[] = [];
  const connect = (): ScriptedConnection => {
    const connection = new ScriptedConnection();
    connections.push(connection);
    return connection;
  };
  const owner = {
    onIdle: (): void => {
      if (world.hasTimeToWarm) {
        pool.warmOne();
      }
    },
    onFault: (cause: string): void => void told.push(['fault', cause]),
    onUnused: (run: number): void => void told.push(['unused', run]),
    onBroken: (cause: string): void => void told.push(cause),
  };
  const pool: SparePool = new SparePool(
    scriptedControl().control,
    { size: 2, isOnDemand, stuckMs: 15_000, startMs: 60_000, maxOutcomeBytes: 1000, connect },
    owner,
  );
  /** Has the spare of the connection at an index say that it is ready, as run number index + 1. */
  const makeReady = (...indexes: number[]): void => {
    for (const index of indexes) {
      connections[index]?.say(FrameType.Ready, { residentBytes: 1, cpuMs: 1 }, index + 1);
    }
  };
  return { pool, connections, told, makeReady };
}

describe('SparePool', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  it('asks for as many spares as are missing, and for none twice', async () => {
    const { pool, connections, makeReady } = create();
    pool.fill();
    pool.fill();
    expect([connections.length, pool.busy]).toEqual([2, 2]);
    makeReady(0, 1);
    pool.fill();
    expect([connections.length, pool.busy]).toEqual([2, 0]);
    await pool.acquire(never);
    pool.fill();
    expect(connections).toHaveLength(3);
  });

  it('hands each spare out once, the first that was ready first', async () => {
    const { pool, makeReady } = create();
    pool.fill();
    makeReady(1, 0);
    expect([(await pool.acquire(never)).number, (await pool.acquire(never)).number]).toEqual([2, 1]);
  });

  it('serves those who wait in the order in which they came, and asks for one more for each', async () => {
    const { pool, connections, makeReady } = create();
    const served: string[] = [];
    const waiting = ['first', 'second', 'third'].map((name) =>
      pool.acquire(never).then(({ number }) => served.push(`${name}: ${number}`)),
    );
    expect(connections).toHaveLength(5);
    makeReady(3, 0, 4);
    await Promise.all(waiting);
    expect(served).toEqual(['first: 4', 'second: 1', 'third: 5']);
  });

  it('forgets who waits no longer', async () => {
    const { pool, makeReady } = create();
    const controller = new AbortController();
    const impatient = pool.acquire(controller.signal);
    const patient = pool.acquire(never);
    controller.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    makeReady(0);
    expect((await patient).number).toBe(1);
  });

  it('warms spares when there is time, each once, and does not hand out one that is at it', async () => {
    const { pool, connections, makeReady } = create({ hasTimeToWarm: true });
    pool.fill();
    makeReady(0, 1);
    expect(connections.map(({ heardTypes }) => heardTypes)).toEqual([['Warm'], ['Warm']]);
    expect(pool.busy).toBe(2);
    const waiting = pool.acquire(never);
    makeReady(1);
    expect((await waiting).number).toBe(2);
    makeReady(0);
    pool.warmOne();
    expect(connections[0]?.heardTypes).toEqual(['Warm']);
  });

  it('says that the zygote is stuck when a spare does not come up in a time in which any would', async () => {
    const { pool, told, makeReady } = create();
    pool.noteZygote(true);
    pool.fill();
    makeReady(0);
    jest.advanceTimersByTime(14_000);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(2_000);
    // What has come meanwhile is read first.
    await settled();
    expect(told).toEqual(['the zygote does not fork']);
  });

  it('takes no zygote for stuck that is still being started, or started anew for those who have asked', async () => {
    const { pool, connections, told } = create();
    const pass = async (ms: number): Promise<void> => {
      jest.advanceTimersByTime(ms);
      await settled();
    };
    pool.fill();
    await pass(74_000);
    pool.noteZygote(true);
    await pass(14_000);
    pool.noteZygote(false);
    await pass(74_000);
    expect([connections.length, told]).toEqual([2, []]);
    pool.noteZygote(true);
    await pass(16_000);
    expect(told).toContain('the zygote does not fork');
  });

  it('hands out a warm spare rather than a cold one that was ready before it', async () => {
    const world = { hasTimeToWarm: false };
    const { pool, connections } = create(world);
    pool.fill();
    const ready = { residentBytes: 1, cpuMs: 1 };
    connections[0]?.say(FrameType.Ready, ready, 1);
    world.hasTimeToWarm = true;
    connections[1]?.say(FrameType.Ready, ready, 2);
    world.hasTimeToWarm = false;
    // The first one that is cold is asked: it becomes ready after the other.
    expect(connections.map(({ heardTypes }) => heardTypes)).toEqual([['Warm'], []]);
    connections[0]?.say(FrameType.Ready, ready, 1);
    const [first, second] = [await pool.acquire(never), await pool.acquire(never)];
    expect([first.number, first.state, second.number, second.state]).toEqual([1, 'warm', 2, 'cold']);
  });

  it('replaces a spare that dies idle at once, and tells that its number is done with', async () => {
    const { pool, connections, told, makeReady } = create();
    pool.fill();
    makeReady(0, 1);
    connections[0]?.destroy();
    await settled();
    jest.advanceTimersByTime(0);
    expect(connections).toHaveLength(3);
    expect(told).toEqual([['unused', 1]]);
    expect((await pool.acquire(never)).number).toBe(2);
  });

  it('waits longer and longer while spares do not come up, and logs why, once each time', async () => {
    const { pool, connections, told } = create();
    pool.fill();
    const asked: number[] = [];
    for (const delayMs of [10, 20, 40, 80, 160, 320, 640, 1000, 1000]) {
      const before = connections.length;
      for (const connection of connections.filter(({ destroyed }) => !destroyed)) {
        connection.say(FrameType.Outcome, failed('INTERNAL', 'mount'));
      }
      await settled();
      jest.advanceTimersByTime(delayMs - 1);
      expect(connections).toHaveLength(before);
      jest.advanceTimersByTime(1);
      asked.push(connections.length - before);
    }
    expect(asked).toEqual(Array<number>(9).fill(2));
    // Once each time, however many fail beside each other.
    expect(told).toEqual(Array<unknown>(9).fill(['fault', expect.stringContaining('mount')]));
  });

  it('forgets the wait as soon as one comes up', async () => {
    const { pool, connections, makeReady } = create();
    pool.fill();
    connections[0]?.destroy();
    await settled();
    jest.advanceTimersByTime(10);
    makeReady(2);
    connections[1]?.destroy();
    await settled();
    jest.advanceTimersByTime(10);
    expect(connections).toHaveLength(4);
  });

  it('serves who waits although the first spares do not come up', async () => {
    const { pool, connections, makeReady } = create();
    const waiting = pool.acquire(never);
    for (const connection of connections) {
      connection.destroy();
    }
    await settled();
    jest.advanceTimersByTime(10);
    makeReady(3);
    expect((await waiting).number).toBe(4);
  });

  it('logs what the host is short of, and no other end of a connection that was not served', async () => {
    const { pool, connections, told } = create();
    for (const code of ['ECONNRESET', 'EMFILE', 'EPIPE', 'ENFILE']) {
      pool.fill();
      connections.at(-1)?.destroy(Object.assign(new Error(code), { code }));
      await settled();
      jest.advanceTimersByTime(1_000);
    }
    expect(told).toEqual(
      ['EMFILE', 'ENFILE'].map((code): unknown[] => ['fault', expect.stringContaining(code)]),
    );
  });

  it('tells when the socket is not there any more', async () => {
    const { pool, connections, told } = create();
    pool.fill();
    connections[0]?.destroy(Object.assign(new Error('connect ENOENT'), { code: 'ENOENT' }));
    await settled();
    expect(told).toEqual(['the sockets of the zygotes are gone']);
  });

  it('on demand keeps none before one was waited for and came', async () => {
    const { pool, connections, makeReady } = create(undefined, true);
    pool.fill();
    expect(connections).toHaveLength(0);
    const controller = new AbortController();
    const impatient = pool.acquire(controller.signal);
    controller.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    connections[0]?.destroy();
    await settled();
    jest.advanceTimersByTime(10);
    // It did not come, and nobody waits for another.
    expect(connections).toHaveLength(1);
    const waiting = pool.acquire(never);
    makeReady(1);
    await waiting;
    pool.fill();
    expect(connections).toHaveLength(4);
  });

  it('ends all spares when it rests, and asks for none until one is waited for', async () => {
    const { pool, connections, told, makeReady } = create(undefined, true);
    const first = pool.acquire(never);
    makeReady(0);
    await first;
    pool.fill();
    makeReady(1, 2);
    pool.rest();
    await settled();
    jest.advanceTimersByTime(1_000);
    pool.fill();
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([false, true, true]);
    expect(told).toEqual([
      ['unused', 2],
      ['unused', 3],
    ]);
    const waiting = pool.acquire(never);
    expect(connections).toHaveLength(4);
    makeReady(3);
    expect((await waiting).number).toBe(4);
  });

  it('ends all spares when it is closed, and asks for no more', async () => {
    const { pool, connections, makeReady } = create();
    pool.fill();
    makeReady(0);
    pool.close();
    await settled();
    jest.runAllTimers();
    pool.fill();
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([true, true]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not come back from a wait once it is closed', async () => {
    const { pool, connections } = create();
    pool.fill();
    connections[0]?.destroy();
    await settled();
    // The wait, and the limit for the one that is still coming.
    expect(jest.getTimerCount()).toBe(2);
    pool.close();
    jest.runAllTimers();
    expect(connections).toHaveLength(2);
  });
});
