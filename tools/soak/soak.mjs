/**
 * `npm run soak`: sends 10,000 mixed runs, well-behaved and hostile, to a server of its own, checks every answer, and
 * that nothing is left of them: no process, mount, file or descriptor, and no growth. Ends with 1 when a check fails.
 * Options: --runs N (10000), --warm-up N (2000; runs before the first count), --local (BUILD=local, also where the host
 * can sandbox), --as-built (no set-up before).
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { endServersWithUs, startServer } from '../bench/server.mjs';
import { isThere } from '../bench/process-tree.mjs';
import { note, runMain, SetUpError, step } from '../set-up/progress.mjs';
import { setUp } from '../set-up/set-up.mjs';
import { LIMITS } from './cases.mjs';
import { countInNetwork, jailNetwork, runtimeFolders, takeCensus } from './census.mjs';
import { Checks, compareCensuses, compareMemory } from './checks.mjs';
import { measureMemory } from './memory.mjs';
import { CLIENTS, repeatableRandom, sendRuns } from './traffic.mjs';

const COLLECT_GARBAGE = fileURLToPath(new URL('collect-garbage.cjs', import.meta.url));
const SEED = 20_261_123;
/** Between two looks at the memory. */
const STIRRING_RUNS = 100;
/** What the kernel may take to end the processes of a jail whose supervisor has ended. */
const STOP_PATIENCE_MS = 2_000;
/** In local mode the policy cannot be off; what the cases use of it is allowed. */
const ALLOWED_IN_LOCAL = 'os,sys,open';

function optionsFromArguments() {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '10000' },
      'warm-up': { type: 'string', default: '2000' },
      local: { type: 'boolean', default: false },
      'as-built': { type: 'boolean', default: false },
    },
  });
  const [runs, warmUp] = [Number(values.runs), Number(values['warm-up'])];
  if (!(Number.isInteger(runs) && runs > 0 && Number.isInteger(warmUp) && warmUp > 0)) {
    throw new SetUpError('--runs and --warm-up need whole numbers above 0.');
  }
  return { runs, warmUp, local: values.local, asBuilt: values['as-built'] };
}

async function chooseEnvironment({ local }) {
  const { askHost } = await import('../host.mjs');
  const { canSandbox } = await askHost();
  if (canSandbox && !local) {
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
  const deadline = performance.now() + STOP_PATIENCE_MS;
  const leftOf = () => census.tree.filter(isThere).length;
  while (leftOf() > 0 && performance.now() < deadline) {
    await delay(50);
  }
  checks.same('processes left after the stop', 0, leftOf());
  if (network !== null) {
    checks.same("processes left in the jail's network namespace", 0, countInNetwork(network));
  }
  checks.same('folders left in /tmp after the stop', 0, runtimeFolders(server.pid).length);
}

await runMain(async () => {
  const { runs, warmUp, asBuilt, ...options } = optionsFromArguments();
  if (!asBuilt) {
    await setUp();
  }
  const environment = await chooseEnvironment(options);
  endServersWithUs();
  const random = repeatableRandom(SEED);
  const checks = new Checks();
  const server = await startServer(environment, { nodeArguments: ['--require', COLLECT_GARBAGE] });
  const faults = [];
  const send = async (count) => {
    const sent = await sendRuns(server.port, count, random);
    faults.push(...sent.faults);
    return sent;
  };
  const count = (name) =>
    step(name, async () => ({
      memory: await measureMemory(server, () => send(STIRRING_RUNS)),
      census: await takeCensus(server),
    }));
  try {
    await step(`Warming up: ${warmUp} runs`, () => send(warmUp));
    const before = await count('Counting');
    const { counts } = await step(`Soaking: ${runs} runs from ${CLIENTS} clients`, () => send(runs));
    const after = await count('Counting again');
    console.log(`\nRuns: ${[...counts].map(([name, many]) => `${many} ${name}`).join(', ')}\n`);
    checks.add('wrong answers, also before and after', `${faults.length}`, faults.length === 0);
    compareCensuses(checks, before.census, after.census);
    compareMemory(checks, before.memory, after.memory);
    await stopAndCheck(checks, server, after.census);
  } finally {
    await server.stop();
  }
  const said = server.log().replace(/^pycell API on .*\n?/, '');
  console.log(`\n${checks.hasFailed ? 'FAILED' : 'All checks passed.'}`);
  if (said) {
    console.log(`The server said on stderr:\n${said}`);
  }
  return checks.hasFailed ? 1 : 0;
});
