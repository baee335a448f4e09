import { FairLine, type Waiter } from './fair-line';

class Owner implements Waiter {
  round = 0;
  taken = 0;

  constructor(
    readonly name: string,
    public waiting: number,
    private readonly places = Infinity,
  ) {}

  get mayTake(): boolean {
    return this.taken < this.places;
  }
}

describe('FairLine', () => {
  let line: FairLine<Owner>;

  beforeEach(() => (line = new FairLine<Owner>()));

  function take(): string | null {
    const owner = line.next();
    if (owner) {
      owner.waiting--;
      owner.taken++;
      line.update(owner);
    }
    return owner?.name ?? null;
  }

  const takeAll = (most = 20): string => {
    let all = '';
    for (let name = take(); name !== null && all.length < most; name = take()) {
      all += name;
    }
    return all;
  };

  function put(...owners: readonly Owner[]): void {
    owners.forEach((owner) => line.update(owner));
  }

  it('has nobody where nobody waits', () => {
    expect(line.isEmpty).toBe(true);
    expect(line.next()).toBeNull();
    put(new Owner('a', 0));
    expect(line.isEmpty).toBe(true);
    expect(line.next()).toBeNull();
  });

  it('has owners take turns, each as long as it has something', () => {
    put(new Owner('a', 4), new Owner('b', 2), new Owner('c', 1));
    expect(takeAll()).toBe('abcabaa');
    expect(line.isEmpty).toBe(true);
  });

  it('does not have who comes wait behind all that another has', () => {
    put(new Owner('a', 1_000));
    expect([take(), take()]).toEqual(['a', 'a']);
    put(new Owner('b', 2));
    const next = [take(), take(), take(), take()];
    expect(next.slice(0, 2)).toContain('b');
    expect(next.filter((name) => name === 'b')).toHaveLength(2);
  });

  it('gives nothing for the time in which one did not wait', () => {
    const late = new Owner('b', 0);
    put(new Owner('a', 1_000), late);
    for (let turn = 0; turn < 50; turn++) {
      take();
    }
    late.waiting = 50;
    put(late);
    const names = Array.from({ length: 20 }, take);
    expect(Math.abs(names.filter((name) => name === 'b').length - 10)).toBeLessThanOrEqual(1);
  });

  it('passes over one that has its share of places, until one comes back', () => {
    const owner = new Owner('a', 5, 1);
    put(owner, new Owner('b', 2));
    expect(takeAll()).toBe('abb');
    expect(line.isEmpty).toBe(true);
    owner.taken--;
    put(owner);
    expect(takeAll()).toBe('a');
  });

  it('is told of one as often as one likes', () => {
    const owner = new Owner('a', 1);
    put(owner, owner, owner);
    expect(takeAll()).toBe('a');
  });

  it('has one whose turn is taken back be the next, and no turn more than others', () => {
    const owner = new Owner('a', 2);
    put(owner, new Owner('b', 2));
    expect(take()).toBe('a');
    owner.waiting++;
    owner.taken--;
    line.undo(owner);
    put(owner);
    expect(takeAll()).toBe('abab');
  });
});
