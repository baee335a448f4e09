import { LayerTrial } from './defence/layer-trial';
import { LAYERS } from './defence/layers';
import { containerFault } from './defence/limited-container';
import { describeCloud, isJailRequired } from './harness/jail-support';
import { chooseSeed, sampled, seededRandom } from './harness/sampling';
import { findLearned, PAIR_KINDS } from './pairs/pair-suite';

/** What runs learn of each other, or how they disturb each other, when a layer is gone: it shows that the pairs of scripts would notice. */
const NOTICED = [
  { without: 'mount namespace', kind: 'files' },
  { without: 'pid namespace', kind: 'processes and signals' },
  { without: "run's filter", kind: 'sockets and pipes' },
  { without: "run's filter", kind: 'counters of the kernel' },
  { without: 'own uid', kind: 'what one may have' },
];
const TEST_MS = 300_000;
/** That there is something to learn is what is shown: on a busy machine the two of a pair miss each other now and then. */
const TRIES = 7;
/** Of a service that could not start the runs, or did not answer: then nothing was tried. */
const NOT_TRIED = /^.*(?:SANDBOX_|INTERNAL|TIMEOUT|ECONN|socket hang up)/;

const canRun = containerFault() === '' || isJailRequired();

(canRun ? describeCloud : describe.skip)('One run against another, with a layer gone', () => {
  it.each(sampled(NOTICED, 0.2, 'pairs without layers'))(
    'without $without something is learned of $kind',
    async ({ without, kind: start }) => {
      const layer = LAYERS.find(({ name }) => name === without);
      const kind = PAIR_KINDS.find(({ name }) => name.startsWith(start));
      if (layer === undefined || kind === undefined) {
        throw new Error(`there is no layer ${without}, or no kind ${start}`);
      }
      const trial = new LayerTrial(layer);
      try {
        await trial.start();
        const how = { order: 'at once', rounds: 8, random: seededRandom(chooseSeed()) } as const;
        let found: unknown[] = [];
        const isTried = (): boolean => found.length > 0 && !NOT_TRIED.test(String(found));
        for (let tried = 0; tried < TRIES && !isTried(); tried++) {
          // A run that fails, since another has put things in the place of its own, has been disturbed.
          found = await findLearned(trial.client, kind, how).catch((error: unknown) => [String(error)]);
        }
        expect(found).not.toEqual([]);
        expect(String(found)).not.toMatch(NOT_TRIED);
      } finally {
        await trial.stop();
      }
    },
    TEST_MS,
  );
});
