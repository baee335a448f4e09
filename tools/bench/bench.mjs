/**
 * `npm run bench`: what an execution costs, beside what the bare work costs on the same machine in the same run.
 * Rounds interleave everything that is measured, so that a machine that slows down slows all of it; the table shows
 * medians of the rounds. Options: --rounds N (5), --seconds N (3, for each measurement).
 */
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { note, runMain, step } from '../set-up/progress.mjs';
import { setUp } from '../set-up/set-up.mjs';
import { load } from './load.mjs';
import { REFERENCES, timeReference } from './reference.mjs';
import { startServer } from './server.mjs';
import { median, percentile } from './statistics.mjs';

const SCRIPTS = {
  hello: 'def main():\n    print("Hello")\n    return {"message": "Hello"}',
  pandas: [
    'import numpy as np',
    'import pandas as pd',
    'def main():',
    '    frame = pd.DataFrame({"group": list("abcd") * 250, "value": np.arange(1000.0)})',
    '    print(frame.head())',
    '    return frame.groupby("group")["value"].mean()',
  ].join('\n'),
};
const CLIENTS = [1, 8];

function optionsFromArguments() {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '3' } },
  });
  return { rounds: Number(values.rounds), seconds: Number(values.seconds) };
}

/** Every combination of server, script and number of clients. */
function measurements(servers) {
  return servers.flatMap(({ build, url }) =>
    Object.keys(SCRIPTS).flatMap((work) => CLIENTS.map((clients) => ({ build, url, work, clients }))),
  );
}

async function measure({ record, servers, rounds, seconds }) {
  const references = new Map(REFERENCES.map(({ name }) => [name, []]));
  const results = new Map(measurements(servers).map((cell) => [keyOf(cell), []]));
  for (let round = 1; round <= rounds; round++) {
    await step(`Round ${round} of ${rounds}`, async () => {
      for (const reference of REFERENCES) {
        for (let repeat = 0; repeat < 5; repeat++) {
          references.get(reference.name).push(await timeReference(record, reference));
        }
      }
      for (const cell of measurements(servers)) {
        results
          .get(keyOf(cell))
          .push(await load(cell.url, SCRIPTS[cell.work], { clients: cell.clients, seconds }));
      }
    });
  }
  return { references, results };
}

function keyOf({ build, work, clients }) {
  return `| ${work} | ${clients} | ${build}`;
}

function printTable({ references, results }, { rounds, seconds }) {
  const ms = (value) => value.toFixed(1);
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, Linux ${release()}, Node ${process.versions.node}`;
  console.log(
    `\n${new Date().toISOString().slice(0, 10)}, ${machine}; median of rounds: ${rounds}, of ${seconds} s each\n`,
  );
  console.log('| work | clients | how | p50 ms | p95 ms | p99 ms | runs a second | refused |');
  console.log('|---|---|---|---|---|---|---|---|');
  for (const [name, times] of references) {
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => ms(percentile(times, share)));
    console.log(`| reference | 1 | \`${name}\` | ${p50} | ${p95} | ${p99} | ${ms(1000 / median(times))} | |`);
  }
  for (const [key, perRound] of results) {
    const at = (share) => ms(median(perRound.map(({ times }) => percentile(times, share))));
    const perSecond = ms(median(perRound.map((round) => round.perSecond)));
    const refused = perRound.reduce((sum, round) => sum + round.refused, 0);
    console.log(`${key} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${perSecond} | ${refused} |`);
  }
}

await runMain(async () => {
  const options = optionsFromArguments();
  const record = await setUp();
  const { askHost } = await import('../host.mjs');
  const { canSandbox } = await askHost();
  const builds = canSandbox ? ['cloud', 'local'] : ['local'];
  if (!canSandbox) {
    note('This host cannot sandbox (npm run doctor tells why): only BUILD=local is measured.');
  }
  const servers = [];
  try {
    for (const build of builds) {
      servers.push({ build, ...(await startServer({ BUILD: build })) });
    }
    printTable(await measure({ record, servers, ...options }), options);
  } finally {
    await Promise.all(servers.map(({ stop }) => stop()));
  }
  return 0;
});
