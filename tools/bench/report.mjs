/** Prints what was measured as markdown. */
import { cpus, release } from 'node:os';
import { figure, printTable } from './markdown.mjs';
import { median, percentile, summaryOf } from './statistics.mjs';
import { keyOf } from './cells.mjs';

const MB = 1e6;
const oneDigit = (value) => value.toFixed(1);

export function printHeading({ rounds, seconds }) {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, Linux ${release()}, Node ${process.versions.node}`;
  const today = new Date().toISOString().slice(0, 10);
  console.log(`\n${today}, ${machine}; median of rounds: ${rounds}, of ${seconds} s each`);
}

const LOAD_COLUMNS = [
  ...['work', 'clients', 'how', 'p50 ms', 'p95 ms', 'p99 ms', 'p99 to p50', '200s a second'],
  ...['CPU ms a run', 'page faults a run', '503', 'errors'],
];

export function printLoadTable({ processes, floors, cells, results, servers }) {
  const ofProcess = ([name, times]) => {
    const shares = [0.5, 0.95, 0.99].map((share) => oneDigit(percentile(times, share)));
    return ['reference', 1, name, ...shares, '', oneDigit(1000 / median(times)), ...Array(4).fill('')];
  };
  const ofFloor = ([work, rounds]) => {
    const { p50, p95, p99, tail, perSecond } = summaryOf(rounds);
    return [
      ...[work, 1, 'floor', ...[p50, p95, p99].map(oneDigit)],
      ...[figure(tail), oneDigit(perSecond), ...Array(4).fill('')],
    ];
  };
  const ofCell = (cell) => {
    const { p50, p95, p99, tail, perSecond, cpuMs, faults, refused, errors } = summaryOf(
      results.get(keyOf(cell)),
    );
    const clients = cell.thinkMs ? `${cell.clients}, thinks ${cell.thinkMs} ms` : cell.clients;
    return [
      ...[cell.work, clients, servers[cell.server].label, ...[p50, p95, p99].map(oneDigit), figure(tail)],
      ...[oneDigit(perSecond), figure(cpuMs), figure(faults), refused, errors],
    ];
  };
  printTable(LOAD_COLUMNS, [
    ...[...processes].map(ofProcess),
    ...[...floors].map(ofFloor),
    ...cells.map(ofCell),
  ]);
}

/** Memory and start, each the median of what was measured. */
export function printHostTable({ memory, starts }) {
  const rows = [];
  const row = (...columns) => rows.push(columns);
  const inMb = (bytes) => `${oneDigit(bytes / MB)} MB`;
  if (memory) {
    row('API and runtime, idle with pandas ready', inMb(memory.idleBytes));
    if (Number.isFinite(memory.perPlaceBytes)) {
      row('idle, for each place more of MAX_CONCURRENCY: its spares', `${inMb(memory.perPlaceBytes)} more`);
    }
    memory.perRunBytes.forEach((bytes, index) =>
      row(`each run beyond its spare, of ${index + 1} at once`, `${inMb(bytes)} more`),
    );
  } else {
    row('memory', 'not measured: only root may look at the memory of runs');
  }
  row('from spawning the API until it is ready', `${starts.readyMs.toFixed(0)} ms`);
  row('from spawning the API until the first result of pandas', `${starts.pandasMs.toFixed(0)} ms`);
  printTable(['what', 'measured'], rows);
}

export function printTargets(targets) {
  printTable(
    ['figure', 'target', 'measured', 'reached'],
    targets.map(({ figure: name, target, measured, reached }) => [name, target, measured, reached]),
  );
}
