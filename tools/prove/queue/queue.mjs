/**
 * The proof that what was accepted ends exactly once: sends 20,000 executions to two APIs, which share a Redis with two workers,
 * while APIs, workers and Redis are killed or hang 50 times, and checks what has become of each. Ends with 1 when a check fails.
 * Options: --sample (1,000 executions, 5 faults), --executions N, --faults N, --local (BUILD=local), --as-built (no set-up before), --keep (leaves
 * the logs).
 * PYCELL_SEED chooses what is sent and what is broken.
 */
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { Checks } from '../../soak/checks.mjs';
import { eventually } from '../../services/eventually.cjs';
import { endServicesWithUs } from '../../services/service-process.cjs';
import { note, runMain, SetUpError, step } from '../../set-up/progress.mjs';
import { setUp } from '../../set-up/set-up.mjs';
import { chooseSeed, seededRandom } from '../seed.cjs';
import { Breaker } from './breaker.mjs';
import { judge } from './checker.mjs';
import { Clients } from './clients.mjs';
import { everythingIn, leftInLine } from './contents.mjs';
import { Fleet } from './fleet.mjs';
import { KEY_PREFIX, planOf } from './plan.mjs';

const WHOLE = { executions: 20_000, faults: 50 };
const SAMPLE = { executions: 1_000, faults: 5 };
const PLACES = 4;
/**
 * Fewer may wait than the clients would have wait: some are refused. Runs have longer than a worker hangs: while it does they cannot
 * hand in their results, and would be past their deadline.
 */
const ENVIRONMENT = { MAX_QUEUED_EXECUTIONS: '300', SCRIPT_TIMEOUT: '30' };
/** Longer than anything that is done takes, a start of all beside others included. */
const STANDSTILL_MS = 180_000;
const LOOK_MS = 500;
/** Until the line is empty once the last one has ended. */
const SETTLE_MS = 20_000;

function optionsFromArguments() {
  const flag = { type: 'boolean', default: false };
  const number = { type: 'string' };
  const { values } = parseArgs({
    options: { sample: flag, local: flag, 'as-built': flag, keep: flag, executions: number, faults: number },
  });
  const size = values.sample ? SAMPLE : WHOLE;
  const executions = Number(values.executions ?? size.executions);
  const faults = Number(values.faults ?? size.faults);
  if (!Number.isInteger(executions) || !Number.isInteger(faults) || executions < 50) {
    throw new SetUpError('--executions and --faults need whole numbers, of executions at least 50.');
  }
  return { executions, faults, asBuilt: values['as-built'], keep: values.keep, local: values.local };
}

/** Gives up where nothing has ended for minutes. Returns what ends the watch. */
function watchProgress(clients, breaker) {
  let last = -1;
  let since = performance.now();
  const timer = setInterval(() => {
    if (clients.endedCount !== last) {
      last = clients.endedCount;
      since = performance.now();
    } else if (performance.now() - since > STANDSTILL_MS) {
      const open = clients.openIds.slice(0, 10).join(', ');
      clients.surprises.push(`nothing has ended for ${STANDSTILL_MS / 1_000} s; open: ${open}`);
      clients.abandon();
      breaker.abandon();
    }
  }, LOOK_MS);
  return () => clearInterval(timer);
}

async function breakAndAsk(fleet, plan, random) {
  const clients = new Clients(fleet, plan, random);
  const breaker = new Breaker(fleet, () => clients.endedCount / plan.executions.length);
  const endWatch = watchProgress(clients, breaker);
  const since = performance.now();
  try {
    await Promise.all([clients.run(), breaker.run(plan.faults)]);
    note(`${(plan.executions.length / ((performance.now() - since) / 1_000)).toFixed(1)} a second`);
    await clients.askForAll();
  } finally {
    endWatch();
  }
  return { clients, faults: breaker.done };
}

/** What is left when nothing is under way any more. */
async function leftIn(fleet) {
  const look = async () => ({ metrics: await fleet.metrics(), line: leftInLine(fleet.redis) });
  const isClean = ({ metrics, line }) =>
    line.length === 0 && metrics.every(({ waiting, running }) => waiting === 0 && running === 0);
  const { metrics, line } = await eventually(look, isClean, SETTLE_MS).catch(look);
  return { metrics, redis: { line, values: everythingIn(fleet.redis) } };
}

await runMain(async () => {
  const { executions, faults, asBuilt, keep, local } = optionsFromArguments();
  if (!asBuilt) {
    await setUp();
  }
  const seed = chooseSeed();
  note(`Seed ${seed}: PYCELL_SEED=${seed} repeats what is sent and what is broken.`);
  endServicesWithUs();
  const random = seededRandom(seed);
  const fleet = await step('Starting Redis, two APIs, two workers', () =>
    Fleet.start({ places: PLACES, environment: { ...ENVIRONMENT, BUILD: local ? 'local' : 'cloud' } }),
  );
  const plan = planOf({ executions, faults, owners: fleet.keys.length, random });
  const checks = new Checks();
  try {
    const { clients, faults: done } = await step(`${executions} executions, ${faults} faults`, () =>
      breakAndAsk(fleet, plan, random),
    );
    const left = await leftIn(fleet);
    const notStopped = await fleet.stop();
    const { ids, seen, finals, streams, surprises, counts } = clients;
    const results = judge({
      ...{
        executions: plan.executions,
        plannedFaults: plan.faults,
        faults: done,
        ids,
        seen,
        finals,
        streams,
      },
      ...{ metrics: left.metrics, redis: left.redis, logs: fleet.logs },
      unexpectedExits: fleet.unexpectedExits,
      secrets: [...fleet.keys, KEY_PREFIX],
      fleet: { places: PLACES, workers: fleet.workers.length },
    });
    results.forEach(({ name, figure, problems }) => checks.add(name, figure, problems.length === 0));
    const refused = `${counts.refused} refused, ${counts.lostConnections} connections lost, ${counts.repeated} sent again`;
    checks.add(
      'no other answer than it may be',
      [refused, ...surprises.slice(0, 5)].join(' | '),
      surprises.length === 0,
    );
    checks.add('all stop in order', notStopped.join(', ') || 'yes', notStopped.length === 0);
  } finally {
    await fleet.stop();
    if (keep || checks.hasFailed) {
      note(`Logs: ${fleet.folder}`);
    } else {
      fleet.dispose();
    }
  }
  console.log(`\n${checks.summary}`);
  return checks.hasFailed ? 1 : 0;
});
