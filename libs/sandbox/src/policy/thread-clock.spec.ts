import { CpuBudget, cpuClockOf, ownCpuClock, ownThreadId } from './thread-clock';

describe('CpuBudget', () => {
  let wallMs: number;
  let cpuMs: number | null;
  beforeEach(() => {
    wallMs = 0;
    cpuMs = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => wallMs);
  });
  afterEach(() => jest.restoreAllMocks());

  const at = (budget: CpuBudget, wall: number, cpu: number | null): boolean => {
    wallMs = wall;
    cpuMs = cpu;
    return budget.isSpent();
  };

  it('counts what the thread has had, not what the machine gave to others', () => {
    const budget = new CpuBudget(() => cpuMs, 50);
    expect(at(budget, 49, 0)).toBe(false);
    expect(at(budget, 1_000, 20)).toBe(false);
    expect(at(budget, 1_031, 50)).toBe(true);
  });

  it('asks the kernel no sooner than the limit may be reached', () => {
    const clock = jest.fn(() => cpuMs);
    const budget = new CpuBudget(clock, 50);
    for (let now = 0; now < 50; now++) at(budget, now, now);
    expect(clock).toHaveBeenCalledTimes(1);
    at(budget, 60, 20);
    at(budget, 89, 49);
    expect(clock).toHaveBeenCalledTimes(2);
  });

  it('goes by a patient clock on the wall where the kernel does not tell', () => {
    const budget = new CpuBudget(() => null, 50);
    expect(at(budget, 199, null)).toBe(false);
    expect(at(budget, 201, null)).toBe(true);
  });
});

const itOnLinux = ownThreadId() === null ? it.skip : it;

itOnLinux('the clock of this thread runs while it works, and not while it sleeps', async () => {
  const clock = ownCpuClock();
  const before = clock() ?? NaN;
  await new Promise((resolve) => setTimeout(resolve, 60));
  const slept = (clock() ?? NaN) - before;
  const until = performance.now() + 60;
  while (performance.now() < until);
  const worked = (clock() ?? NaN) - before - slept;
  expect(slept).toBeLessThan(30);
  expect(worked).toBeGreaterThan(slept);
  expect(Math.abs((cpuClockOf(ownThreadId())() ?? NaN) - (clock() ?? NaN))).toBeLessThan(50);
});
