/** What the command line of the benchmark asks for. */
import { parseArgs } from 'node:util';
import { SetUpError } from '../set-up/progress.mjs';
import { OLD_WORKS, WORKS } from './works.mjs';

/** What a comparison measures. */
export const STAGES = ['load', 'pauses', 'overload', 'host'];
/** What is measured of this checkout alone, and may be asked for alone. */
export const OWN_STAGES = ['fairness', 'streams', 'operations', 'queue'];

const ROUNDS = { alone: 5, comparison: 7 };

function parse() {
  try {
    return parseArgs({
      options: {
        rounds: { type: 'string' },
        seconds: { type: 'string', default: '3' },
        'as-built': { type: 'boolean', default: false },
        against: { type: 'string' },
        quick: { type: 'boolean', default: false },
        only: { type: 'string', default: '' },
        node: { type: 'string' },
        'against-node': { type: 'string' },
        graph: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new SetUpError(error.message); // a wrong option: the message names it
  }
}

/** Of `all`, those that are named; `usual` where none is. */
function chosen(all, names, usual = all) {
  const found = all.filter((name) => names.includes(name));
  return found.length > 0 ? found : usual;
}

/** @returns the options; `works` and `stages` are what a comparison measures, `ownStages` is not empty where nothing else is measured */
export function readOptions() {
  const values = parse();
  const rounds = Number(values.rounds ?? ROUNDS[values.against ? 'comparison' : 'alone']);
  const seconds = Number(values.seconds);
  if (!(Number.isInteger(rounds) && rounds > 0 && seconds > 0)) {
    throw new SetUpError('--rounds needs a whole number above 0, --seconds a number above 0.');
  }
  const names = values.only.split(',').filter((name) => name !== '');
  const { against, quick, node, graph } = values;
  const known = against ? [...Object.keys(WORKS), ...STAGES] : OWN_STAGES;
  if (!names.every((name) => known.includes(name))) {
    const when = against ? 'with --against' : 'without --against';
    throw new SetUpError(`--only takes names with commas between them, ${when}: ${known.join(', ')}.`);
  }
  const againstNode = values['against-node'];
  if (!against && (quick || node || againstNode || graph)) {
    throw new SetUpError('--quick, --node, --against-node and --graph go with --against COMMIT.');
  }
  return {
    ...{ rounds, seconds, against, node, againstNode, graph },
    asBuilt: values['as-built'],
    ownStages: OWN_STAGES.filter((name) => names.includes(name)),
    works: chosen(Object.keys(WORKS), names, OLD_WORKS),
    stages: quick ? ['load'] : chosen(STAGES, names),
  };
}
