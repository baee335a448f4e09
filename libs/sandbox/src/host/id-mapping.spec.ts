import { ZYGOTE_KINDS } from '../protocol/messages';
import { OutsideIdPool } from './id-mapping';

const WHOLE_HOST = '         0          0 4294967295\n';
const CONTAINER = '         0     100000      65536\n';

describe('OutsideIdPool', () => {
  it('maps an ordinary user to itself, as often as wanted', () => {
    const pool = new OutsideIdPool({ uid: 1000, gid: 1001 }, WHOLE_HOST);
    expect([pool.take().ids, pool.take().ids]).toEqual([
      { uid: 1000, gid: 1001 },
      { uid: 1000, gid: 1001 },
    ]);
  });

  it('gives each concurrent jail of root an unprivileged id of its own, and reuses those given back', () => {
    const pool = new OutsideIdPool({ uid: 0, gid: 0 }, WHOLE_HOST, () => 0);
    const first = pool.take();
    const second = pool.take();
    expect([first.ids.uid, second.ids.uid]).toEqual([2_000_000_000, 2_000_000_001]);
    first.release();
    expect(pool.take().ids.uid).toBe(2_000_000_000);
  });

  it('keeps to ids that exist in a container whose own map is short', () => {
    expect(new OutsideIdPool({ uid: 0, gid: 0 }, CONTAINER, () => 0).take().ids.uid).toBe(30_000);
  });
});

describe('OutsideIdPool.range', () => {
  it.each([
    ['the whole host', WHOLE_HOST, 2 ** 31],
    ['a container', CONTAINER, 65_536],
  ])(
    'lies elsewhere for another service on %s, and within the map at the end, too',
    (_where, uidMap, ids) => {
      const rangeOf = (chance: (below: number) => number) =>
        new OutsideIdPool({ uid: 0, gid: 0 }, uidMap, chance).range();
      const [low, high] = [rangeOf(() => 0), rangeOf((below) => below - 1)];
      expect(high.first.uid).toBeGreaterThan(low.first.uid);
      expect(high.first.uid + high.count).toBeLessThanOrEqual(ids);
    },
  );

  it('has one id for an ordinary user: itself', () => {
    const pool = new OutsideIdPool({ uid: 1000, gid: 1001 }, WHOLE_HOST);
    expect(pool.range()).toEqual({ first: { uid: 1000, gid: 1001 }, count: 1 });
  });

  it.each([
    ['the whole host', WHOLE_HOST, 4_294_967_295],
    ['a container', CONTAINER, 65_536],
  ])('has many unprivileged ids for root on %s, all of which exist', (_where, uidMap, ids) => {
    const { first, count } = new OutsideIdPool({ uid: 0, gid: 0 }, uidMap).range();
    expect(first.uid).toBe(first.gid);
    expect(first.uid).toBeGreaterThanOrEqual(30_000);
    // Runs of a zygote, kinds of zygotes, each with its successor.
    expect(count).toBeGreaterThan(5_000 * ZYGOTE_KINDS.length * 2);
    expect(first.uid + count).toBeLessThanOrEqual(ids);
  });
});
