import { settled } from './scripted-runner.contract';
import { Watchdog } from './watchdog';

function create() {
  const told: string[] = [];
  const watchdog = new Watchdog({ ask: () => told.push('ask'), onSilent: () => told.push('silent') });
  return { watchdog, told };
}

/** Lets whole slices of loop time pass. */
async function pass(slices: number, each: () => void = () => undefined): Promise<void> {
  for (let slice = 0; slice < slices; slice++) {
    jest.advanceTimersByTime(250);
    await settled();
    each();
  }
}

describe('Watchdog', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  it('asks nothing while nobody demands it', async () => {
    const { told } = create();
    await pass(20);
    expect(told).toEqual([]);
  });

  it('says once that nobody answers, after two seconds of questions', async () => {
    const { watchdog, told } = create();
    watchdog.demand();
    await pass(7);
    expect(told).toEqual(Array(8).fill('ask'));
    await pass(20);
    expect(told).toEqual([...Array<string>(8).fill('ask'), 'silent']);
  });

  it('is content with one word in two seconds, whatever it is', async () => {
    const { watchdog, told } = create();
    watchdog.demand();
    for (let round = 0; round < 5; round++) {
      await pass(7);
      watchdog.heard();
    }
    expect(told).not.toContain('silent');
  });

  it('asks for all who demand it together, until the last of them has done', async () => {
    const { watchdog, told } = create();
    const releases = [watchdog.demand(), watchdog.demand()];
    await pass(1, () => watchdog.heard());
    expect(told).toEqual(['ask', 'ask']);
    releases[0]?.();
    releases[0]?.();
    await pass(1, () => watchdog.heard());
    expect(told).toEqual(['ask', 'ask', 'ask']);
    releases[1]?.();
    await pass(20);
    expect(told).toEqual(['ask', 'ask', 'ask']);
    watchdog.demand();
    expect(told).toHaveLength(4);
  });
});
