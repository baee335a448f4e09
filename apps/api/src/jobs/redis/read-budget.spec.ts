import { JobStoreUnavailable } from '../job-store';
import { ReadBudget } from './read-budget';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ReadBudget', () => {
  let order: string[];
  let releases: (() => void)[];

  beforeEach(() => {
    order = [];
    releases = [];
  });

  const ask = (budget: ReadBudget, owner: string, bytes: number): void =>
    void budget.acquire(owner, bytes).then(
      (release) => {
        order.push(owner);
        releases.push(release);
      },
      (error: unknown) => order.push(error instanceof JobStoreUnavailable ? `${owner} refused` : 'fault'),
    );

  it('has no more read at once than it holds, and goes on when there is room', async () => {
    const budget = new ReadBudget(100);
    ['a', 'b', 'c'].forEach((owner) => ask(budget, owner, 40));
    await settled();
    expect(order).toEqual(['a', 'b']);
    releases[0]?.();
    // Twice is once.
    releases[0]?.();
    ask(budget, 'd', 40);
    await settled();
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('has owners take turns, and none hold more than half', async () => {
    const budget = new ReadBudget(100);
    for (let index = 0; index < 100; index++) {
      ask(budget, 'greedy', 25);
    }
    ask(budget, 'modest', 25);
    ask(budget, 'other', 25);
    await settled();
    expect(order).toEqual(['greedy', 'greedy', 'modest', 'other']);
    ask(budget, 'late', 25);
    releases[0]?.();
    await settled();
    // The greedy one is before it in line, and has its turn; the next is for the other.
    releases[1]?.();
    await settled();
    expect(order.slice(4)).toEqual(['greedy', 'late']);
  });

  it('has one that is larger than all of it read alone, and those behind it wait', async () => {
    const budget = new ReadBudget(100);
    ask(budget, 'a', 10);
    ask(budget, 'large', 1_000);
    ask(budget, 'b', 10);
    await settled();
    expect(order).toEqual(['a']);
    releases[0]?.();
    await settled();
    expect(order).toEqual(['a', 'large']);
    releases[1]?.();
    await settled();
    expect(order).toEqual(['a', 'large', 'b']);
  });

  it('refuses who waits too long, and who has too many wait, and has nobody wait for those', async () => {
    const budget = new ReadBudget(100, 50);
    ask(budget, 'a', 100);
    for (let index = 0; index < 201; index++) {
      ask(budget, 'b', 100);
    }
    await settled();
    expect(order).toEqual(['a', 'b refused']);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(order).toHaveLength(202);
    ask(budget, 'c', 100);
    releases[0]?.();
    await settled();
    expect(order.at(-1)).toBe('c');
  });
});
