/**
 * `npm run bench`: what an execution costs, beside what the bare work costs on the same machine in the same run.
 * Rounds interleave everything that is measured, so that a machine that slows down slows all of it; the tables show
 * medians of the rounds, and the last one compares them with what they must be. With --against COMMIT, what an execution
 * costs here and in that commit. Options: see options.mjs and docs/benchmarks.md.
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { RECORD } from '../set-up/places.mjs';
import { note, runMain, step } from '../set-up/progress.mjs';
import { setUp } from '../set-up/set-up.mjs';
import { cellsFor, keyOf, loadOf, serversFor } from './cells.mjs';
import { compare } from './comparison.mjs';
import { executeOnce } from './connection.mjs';
import { judgeFairness, measureFairness, printFairness } from './fairness.mjs';
import { load } from './load.mjs';
import { measureMemory, measureStart } from './host-cost.mjs';
import { Floor, PROCESSES, timeProcess } from './references.mjs';
import { OWN_STAGES, readOptions } from './options.mjs';
import { judgeOperations, measureOperations, printOperations } from './operations.mjs';
import { measureOverload, printOverload } from './overload.mjs';
import { judgeQueue, measureQueue, printQueue } from './queue.mjs';
import { printHeading, printHostTable, printLoadTable, printTargets } from './report.mjs';
import { endServicesWithUs } from '../services/service-process.cjs';
import { startServer } from './server.mjs';
import { median } from './statistics.mjs';
import { judgeStreams, measureStreams, printStreams } from './streams.mjs';
import { judge } from './targets.mjs';
import { withCost } from './tree-cost.mjs';
import { WORKS, ZYGOTE_KINDS } from './works.mjs';

/** Whole processes are timed so often in each round. */
const PROCESS_REPEATS = 5;
/** Memory varies little from start to start, and takes half a minute; so does what happens under overload. */
const MAX_MEMORY_ROUNDS = 3;
const MAX_OVERLOAD_ROUNDS = 2;
const MAX_FAIRNESS_ROUNDS = 4;
/** A set-up just before may have left so much. */
const QUIET_LOAD = 2;

/** Measures start and memory, each time with servers of its own, while no other server runs. */
async function measureHost(environment, rounds) {
  const starts = [];
  const memories = [];
  await step('Start and memory', async () => {
    for (let round = 0; round < rounds; round++) {
      starts.push(await measureStart(environment));
    }
    for (let round = 0; round < Math.min(rounds, MAX_MEMORY_ROUNDS); round++) {
      memories.push(await measureMemory(environment));
    }
  });
  const medianOf = (list, pick) => median(list.map(pick));
  const each = (list, names) =>
    Object.fromEntries(names.map((name) => [name, medianOf(list, (one) => one[name])]));
  const perRun = (_, run) => medianOf(memories, ({ perRunBytes }) => perRunBytes[run]);
  return {
    starts: each(starts, ['readyMs', 'pandasMs']),
    memory: memories.includes(null)
      ? null
      : {
          ...each(memories, ['idleBytes', 'perPlaceBytes']),
          perRunBytes: memories[0].perRunBytes.map(perRun),
        },
  };
}

/** Measures every cell once, and the references beside them, and adds it to what was measured before. */
async function measureRound({ record, servers, floorProcesses, cells, seconds }, measured) {
  for (const reference of PROCESSES) {
    for (let repeat = 0; repeat < PROCESS_REPEATS; repeat++) {
      append(measured.processes, reference.name, await timeProcess(record, reference));
    }
  }
  for (const [work, floor] of floorProcesses) {
    const times = await floor.measure(seconds);
    append(measured.floors, work, { times, perSecond: times.length / seconds });
  }
  for (const cell of cells) {
    const { pid, port } = servers[cell.server];
    const result = await withCost(pid, ZYGOTE_KINDS[cell.work], () =>
      load(port, cell.work, loadOf(cell, seconds)),
    );
    append(measured.results, keyOf(cell), result);
  }
}

function append(map, key, value) {
  map.set(key, [...(map.get(key) ?? []), value]);
}

/** Measures the load, in rounds, on servers that all run from the first round to the last. */
async function measureLoad(record, plan, { rounds, seconds }) {
  const servers = {};
  const floorProcesses = new Map();
  const cells = cellsFor(plan);
  const measured = { processes: new Map(), floors: new Map(), results: new Map(), overload: [] };
  try {
    for (const [name, { environment }] of Object.entries(plan)) {
      servers[name] = await startServer(environment);
    }
    // The first figure starts a zygote, which no other is to pay for.
    for (const { server } of cells.filter(({ work }) => work === 'figure')) {
      await executeOnce(servers[server].port, WORKS.figure);
    }
    for (const work of Object.keys(WORKS)) {
      floorProcesses.set(work, new Floor(record, work));
    }
    for (let round = 1; round <= rounds; round++) {
      await step(`Round ${round} of ${rounds}`, () =>
        measureRound({ record, servers, floorProcesses, cells, seconds }, measured),
      );
    }
    for (let round = 0; round < Math.min(rounds, MAX_OVERLOAD_ROUNDS); round++) {
      await step(`Overload: round ${round + 1}`, async () =>
        measured.overload.push(await measureOverload(servers.crowd, { round, seconds })),
      );
    }
  } finally {
    floorProcesses.forEach((floor) => floor.stop());
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
  return { ...measured, cells, servers: plan };
}

/** Measures what callers notice of each other, each time with servers of its own. */
async function measureFairnessInRounds(environment, { rounds, seconds }) {
  const measured = [];
  const last = Math.min(rounds, MAX_FAIRNESS_ROUNDS);
  for (let round = 0; round < last; round++) {
    await step(`Fairness: round ${round + 1} of ${last}`, async () => {
      const start = (settings) => startServer({ ...environment, ...settings });
      measured.push(await measureFairness(start, { round, seconds }));
    });
  }
  return measured;
}

async function measureStreamsInRounds(environment, { rounds, seconds }) {
  return step('Streams and batches', async () => {
    const server = await startServer(environment);
    try {
      return await measureStreams(server, { rounds, seconds });
    } finally {
      await server.stop();
    }
  });
}

async function measureOperationsInRounds(environment, options) {
  return step('Operations', () => {
    const start = (settings, how) => startServer({ ...environment, ...settings }, how);
    return measureOperations(start, options);
  });
}

async function measureQueueInRounds(environment, options) {
  return step('Asynchronous executions', () =>
    measureQueue((settings) => startServer({ ...environment, ...settings }), options),
  );
}

/** What is measured of this checkout alone: how, and how it is told. */
const OWN = {
  fairness: { measure: measureFairnessInRounds, print: printFairness, judge: judgeFairness },
  streams: { measure: measureStreamsInRounds, print: printStreams, judge: judgeStreams },
  operations: { measure: measureOperationsInRounds, print: printOperations, judge: judgeOperations },
  queue: { measure: measureQueueInRounds, print: printQueue, judge: judgeQueue },
};

async function measureOwn(plan, options, stages) {
  const measured = [];
  for (const stage of stages) {
    measured.push([OWN[stage], await OWN[stage].measure(plan.crowd.environment, options)]);
  }
  return {
    print: () => measured.forEach(([{ print }, figures]) => print(figures)),
    targets: measured.flatMap(([{ judge: judgeOne }, figures]) => judgeOne(figures)),
  };
}

async function measureOwnStages(plan, options) {
  endServicesWithUs();
  const own = await measureOwn(plan, options, options.ownStages);
  printHeading(options);
  own.print();
  printTargets(own.targets);
}

async function measureAlone(record, plan, options) {
  endServicesWithUs();
  const host = await measureHost(plan.crowd.environment, options.rounds);
  const measured = await measureLoad(record, plan, options);
  const own = await measureOwn(plan, options, OWN_STAGES);
  printHeading(options);
  printLoadTable(measured);
  printOverload([[plan.crowd.label, measured.overload]]);
  own.print();
  printHostTable(host);
  printTargets([...judge({ ...measured, ...host }), ...own.targets]);
}

await runMain(async () => {
  const options = readOptions();
  const record = options.asBuilt ? JSON.parse(readFileSync(RECORD, 'utf8')) : await setUp();
  const { askHost } = await import('../host.mjs');
  const { canSandbox } = await askHost();
  if (!canSandbox) {
    note('This host cannot sandbox (npm run doctor tells why): only BUILD=local is measured.');
  }
  const [minuteAverage] = loadavg();
  if (minuteAverage > QUIET_LOAD) {
    note(
      `Other work keeps this machine busy (load average ${minuteAverage.toFixed(1)}): the figures will vary.`,
    );
  }
  const plan = serversFor({ canSandbox });
  if (options.against) {
    await compare(record, plan.crowd.environment, options);
  } else if (options.ownStages.length > 0) {
    await measureOwnStages(plan, options);
  } else {
    await measureAlone(record, plan, options);
  }
  return 0;
});
