import { numbersFrom } from '../protocol/numbers-from.contract';
import { WatchedQueue } from './watched-queue.contract';

const HISTORIES = 20;
const STEPS = 120;
/** A hundred thousand checks take two seconds, and more on a busy machine. */
const SUITE_MS = 60_000;

/** What the queue promises is checked by `WatchedQueue` after each step; here something happens to it. */
describe('AdmissionQueue, whatever happens to it,', () => {
  let queue: WatchedQueue | null = null;

  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] }));

  // A broken promise must not leave anybody waiting.
  afterEach(() => {
    queue?.end();
    jest.useRealTimers();
  });

  it.each<[string, number, number]>([
    ['one place', 1, 4],
    ['two places', 2, 6],
    ['three places', 3, 8],
    ['five places', 5, 12],
    ['places and no queue', 3, 0],
  ])(
    'keeps its promises with %s',
    async (_name, places, maxQueue) => {
      const next = numbersFrom(1_000 * places + maxQueue);
      const below = (bound: number): number => Math.floor(next() * bound);
      const seen = { admitted: 0, refused: 0, pushedOut: 0, batchesAfterCalls: 0, heldBack: 0, renewed: 0 };
      for (let history = 0; history < HISTORIES; history++) {
        queue = new WatchedQueue(places, maxQueue);
        const callers = Array.from({ length: 1 + below(6) }, (_, index) => `caller ${index}`);
        // Half of them have a share of their own, which may change.
        const newShare = (): number | null => (below(2) ? 1 + below(places + 1) : null);
        const shares = new Map(callers.map((caller) => [caller, newShare()]));
        // Some histories have many that come, some many that go, some batches all the time.
        const [comes, goes, batches] = [1 + below(8), 1 + below(8), below(4)];
        for (let step = 0; step < STEPS; step++) {
          // The first caller comes as often as all others together.
          const caller = callers[below(2) ? 0 : below(callers.length)] ?? '';
          const what = below(comes + goes + 2);
          if (what < comes) {
            if (below(10) === 0) {
              shares.set(caller, newShare());
            }
            const maxPlaces = shares.get(caller) ?? null;
            await queue.claim({ caller, kind: below(8) < batches ? 'batch' : 'call', maxPlaces, version: 0 });
          } else if (what < comes + goes) {
            await queue.release(below);
          } else if (what === comes + goes) {
            await queue.abandon(below);
          } else {
            await queue.pause();
          }
        }
        await (history % 2 ? queue.emptyIt(below) : queue.close());
        for (const name of Object.keys(seen) as (keyof typeof seen)[]) {
          seen[name] += queue.seen[name];
        }
      }
      // The histories had in them what they were made for.
      expect(seen.admitted).toBeGreaterThan(HISTORIES);
      expect(seen.refused).toBeGreaterThan(HISTORIES);
      expect(seen.pushedOut > 0).toBe(maxQueue > 0);
      expect(seen.batchesAfterCalls > 0).toBe(maxQueue > 0);
      // With two places the last one is all that there is besides a share.
      expect(seen.heldBack > 0).toBe(places > 2);
      expect(seen.renewed > 0 || maxQueue === 0).toBe(places > 2);
    },
    SUITE_MS,
  );
});
