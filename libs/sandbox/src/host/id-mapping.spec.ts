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
    const pool = new OutsideIdPool({ uid: 0, gid: 0 }, WHOLE_HOST);
    const first = pool.take();
    const second = pool.take();
    expect([first.ids.uid, second.ids.uid]).toEqual([2_000_000_000, 2_000_000_001]);
    first.giveBack();
    expect(pool.take().ids.uid).toBe(2_000_000_000);
  });

  it('keeps to ids that exist in a container whose own map is short', () => {
    expect(new OutsideIdPool({ uid: 0, gid: 0 }, CONTAINER).take().ids.uid).toBe(60_000);
  });
});
