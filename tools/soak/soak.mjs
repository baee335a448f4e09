/**
 * `npm run soak`: sends 20,000 mixed runs, well-behaved and hostile, to a server of its own, checks every answer, and
 * that nothing is left of them: no process, mount, file or descriptor, and no growth. Ends with 1 when a check fails.
 * Options: --sample (few runs, and memory is not measured, which takes thousands), --local (BUILD=local, also where the
 * host can sandbox), --as-built (no set-up before).
 * PYCELL_SEED chooses the order of the runs.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startServer } from '../bench/server.mjs';
import { chooseSeed, seededRandom } from '../prove/seed.cjs';
import { eventually } from '../services/eventually.cjs';
import { isThere } from '../services/processes.cjs';
import { endServicesWithUs } from '../services/service-process.cjs';
import { note, runMain, step } from '../set-up/progress.mjs';
import { setUp } from '../set-up/set-up.mjs';
import { LIMITS } from '../../apps/api-e2e/src/soak/cases.mjs';
import { countInNetwork, jailNetwork, runtimeFolders, takeCensus } from './census.mjs';
import { Checks, compareCensuses, compareMemory } from './checks.mjs';
import { measureMemory } from './memory.mjs';
import { CLIENTS, sendRuns } from './traffic.mjs';

const COLLECT_GARBAGE = fileURLToPath(new URL('collect-garbage.cjs', import.meta.url));
/** `warmUp`: runs before the first count. */
const WHOLE = { runs: 20_000, warmUp: 2_000 };
const SAMPLE = { runs: 400, warmUp: 100 };
/** Between two looks at the memory. */
const STIRRING_RUNS = 100;
/** What the kernel may take to end the processes of a jail whose supervisor has ended. */
const STOP_PATIENCE_MS = 2_000;
/** In local mode the policy cannot be off; what the cases use of it is allowed. */
const ALLOWED_IN_LOCAL = 'os,sys,open';

function optionsFromArguments() {
  const flag = { type: 'boolean', default: false };
  const { values } = parseArgs({ options: { sample: flag, local: flag, 'as-built': flag } });
  const size = values.sample ? SAMPLE : WHOLE;
  return { ...size, local: values.local, asBuilt: values['as-built'], withMemory: !values.sample };
}

async function chooseEnvironment(local) {
  const { askHost } = await import('../host.mjs');
  if (!local && (await askHost()).canSandbox) {
    note('BUILD=cloud, SCRIPT_POLICY=off: the jail alone holds the scripts.');
    return { ...LIMITS, BUILD: 'cloud', SCRIPT_POLICY: 'off' };
  }
  const why = local ? 'As asked' : 'This host cannot sandbox (npm run doctor tells why)';
  note(`${why}: BUILD=local is soaked, WITHOUT isolation.`);
  return { ...LIMITS, BUILD: 'local', SCRIPT_POLICY_ALLOW: ALLOWED_IN_LOCAL };
}

/** Stops the server and checks that nothing of it is left. */
async function stopAndCheck(checks, server, census) {
  const network = jailNetwork(census.pids);
  await server.stop();
  const leftOf = () => census.tree.filter(isThere).length;
  const left = await eventually(leftOf, (count) => count === 0, STOP_PATIENCE_MS).catch(leftOf);
  checks.same('processes left after the stop', 0, left);
  if (network !== null) {
    checks.same("processes left in the jail's network namespace", 0, countInNetwork(network));
  }
  checks.same('folders left in /tmp after the stop', 0, runtimeFolders(server.pid).length);
}

await runMain(async () => {
  const { runs, warmUp, asBuilt, local, withMemory } = optionsFromArguments();
  if (!asBuilt) {
    await setUp();
  }
  const environment = await chooseEnvironment(local);
  const seed = chooseSeed();
  note(`Seed ${seed}: PYCELL_SEED=${seed} repeats the order of the runs.`);
  endServicesWithUs();
  const random = seededRandom(seed);
  const checks = new Checks();
  const server = await startServer(environment, {
    nodeArguments: ['--expose-gc', '--require', COLLECT_GARBAGE],
  });
  const faults = [];
  const send = async (count) => {
    const sent = await sendRuns(server.port, count, random);
    faults.push(...sent.faults);
    return sent;
  };
  const count = (name) =>
    step(name, async () => ({
      memory: withMemory ? await measureMemory(server, () => send(STIRRING_RUNS)) : null,
      census: await takeCensus(server),
    }));
  try {
    await step(`Warming up: ${warmUp} runs`, () => send(warmUp));
    const before = await count('Counting');
    const { counts, perSecond } = await step(`Soaking: ${runs} runs from ${CLIENTS} clients`, () =>
      send(runs),
    );
    const after = await count('Counting again');
    note(`${runs} runs, ${perSecond.toFixed(0)} a second`);
    console.log(`\nRuns: ${[...counts].map(([name, many]) => `${many} ${name}`).join(', ')}\n`);
    checks.add('wrong answers, also before and after', `${faults.length}`, faults.length === 0);
    compareCensuses(checks, before.census, after.census);
    if (withMemory) {
      compareMemory(checks, before.memory, after.memory);
    }
    await stopAndCheck(checks, server, after.census);
  } finally {
    await server.stop();
  }
  const said = server
    .log()
    .replace(/^pycell API on .*\n?/m, '')
    .trim();
  if (said) {
    console.log(`\nLog of the server:\n${said}`);
  }
  console.log(`\n${checks.summary}`);
  return checks.hasFailed ? 1 : 0;
});
