/**
 * The proof that no request makes the API fail, or answer otherwise than docs/openapi.json says: asks it by schemathesis, once without and
 * once with keys, and the interfaces of other services by their own requests, changed at random. Ends with 1 when a check fails.
 * Options: --sample (some 1,500 requests), --as-built (no set-up before), --examples N (of each operation).
 * PYCELL_SEED chooses what is sent.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { endServicesWithUs } from '../../services/service-process.cjs';
import { RECORD } from '../../set-up/places.mjs';
import { note, runMain, SetUpError, step } from '../../set-up/progress.mjs';
import { setUp } from '../../set-up/set-up.mjs';
import { Checks } from '../../soak/checks.mjs';
import { chooseSeed, seededRandom } from '../seed.cjs';
import { askBySchemathesis, installSchemathesis } from './asked.mjs';
import { askInterfaces } from './interfaces.mjs';
import { FuzzedService } from './service.mjs';

/** `cases`: to the interfaces; `atLeast`: that must have been answered, of schemathesis' own and of all kinds. */
const WHOLE = { examples: 2_400, scenarios: 100, cases: 4_000, atLeast: 20_000 };
const SAMPLE = { examples: 40, scenarios: 8, cases: 400, atLeast: 1_400 };
/** Of what is sent, so much must have been executed, or little is proved. */
const LEAST_SHARE_OF_RUNS = 0.1;
const WARM_UP_CASES = 120;
const INTERFACES = 'dify,ragflow,piston,judge0,mcp';

function optionsFromArguments() {
  const flag = { type: 'boolean', default: false };
  const { values } = parseArgs({
    options: { sample: flag, 'as-built': flag, examples: { type: 'string' } },
  });
  const size = values.sample ? SAMPLE : WHOLE;
  const examples = Number(values.examples ?? size.examples);
  if (!Number.isInteger(examples) || examples < 1) {
    throw new SetUpError('--examples needs a whole number.');
  }
  return { size: { ...size, examples }, asBuilt: values['as-built'] };
}

function told(list) {
  return [list.length, ...list.slice(0, 5)].join(' | ');
}

/** Asks a service by schemathesis. @returns how many requests were answered */
async function proveDescription(checks, service, name, how) {
  const since = performance.now();
  const asked = { ...how, name: name.replace(' ', '-'), port: service.port, key: service.key };
  const { ok, said, counts, faults, refusals } = await askBySchemathesis(asked);
  if (!ok) {
    console.log(said);
  }
  const { all = 0, runs = 0 } = counts;
  const seconds = ((performance.now() - since) / 1_000).toFixed(0);
  const add = (what, figure, passed) => checks.add(`${name}: ${what}`, figure, passed);
  add('requests answered', `${all} in ${seconds} s`, all > 0);
  add('as the description says', ok ? 'yes' : `no: ${told(refusals)}`, ok);
  add('answers of 5xx but a documented 503, or none', told(faults), faults.length === 0);
  add('executed', `${runs}`, runs > all * LEAST_SHARE_OF_RUNS);
  const events = counts['events checked'] ?? 0;
  add('events of streams', `${events}`, events > 0);
  const statuses = Object.entries(counts).filter(([what]) => what.startsWith('status '));
  note(`${name}: ${statuses.map(([what, many]) => `${many} of ${what}`).join(', ')}`);
  await service.check(checks, name);
  return all;
}

/** Two services at once: each pair of one that asks and one that answers takes a processor. @returns how many were answered */
async function proveDescriptions(checks, { seed, ...how }) {
  const services = [];
  try {
    // One after the other: two that start at once would keep each other from being ready in time.
    for (const keyed of [false, true]) {
      services.push(await FuzzedService.start({ keyed }));
    }
    const names = ['without keys', 'with keys'];
    const proofs = services.map((service, index) =>
      proveDescription(checks, service, names[index], { ...how, seed: seed + index }),
    );
    return (await Promise.all(proofs)).reduce((sum, many) => sum + many, 0);
  } finally {
    await Promise.all(services.map((service) => service.stop()));
  }
}

async function proveInterfaces(checks, { size, random }) {
  const name = 'interfaces';
  const service = await FuzzedService.start({
    environment: { INTERFACES },
    // Threads that read bodies start with the first that need them.
    warmUp: ({ port }) => askInterfaces({ port, cases: WARM_UP_CASES, random: seededRandom(0) }),
  });
  try {
    const { sent, counts, faults } = await askInterfaces({ port: service.port, cases: size.cases, random });
    const statuses = [...counts].map(([status, many]) => `${many} of ${status}`).join(', ');
    checks.add(`${name}: requests answered`, `${sent}: ${statuses}`, sent === size.cases);
    checks.add(`${name}: wrong answers`, told(faults), faults.length === 0);
    await service.check(checks, name);
    return sent;
  } finally {
    await service.stop();
  }
}

await runMain(async () => {
  const { size, asBuilt } = optionsFromArguments();
  if (!asBuilt) {
    await setUp();
  }
  const { python } = JSON.parse(readFileSync(RECORD, 'utf8'));
  const seed = chooseSeed();
  note(`Seed ${seed}: PYCELL_SEED=${seed} repeats what is sent.`);
  await step('Installing schemathesis', () => installSchemathesis(python));
  endServicesWithUs();
  const checks = new Checks();
  const since = performance.now();
  const sent = await step('Asking by the description', () =>
    proveDescriptions(checks, { python, seed, size }),
  );
  const random = seededRandom(seed);
  const toInterfaces = await step('Asking the interfaces', () => proveInterfaces(checks, { size, random }));
  const seconds = ((performance.now() - since) / 1_000).toFixed(0);
  checks.add(
    'requests by the description',
    `${sent}, and ${toInterfaces} to interfaces, in ${seconds} s`,
    sent >= size.atLeast,
  );
  console.log(`\n${checks.summary}`);
  return checks.hasFailed ? 1 : 0;
});
