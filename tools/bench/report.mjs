/** Prints what was measured as markdown. */
import { cpus, release } from 'node:os';
import { median, percentile, summaryOf } from './statistics.mjs';
import { keyOf } from './cells.mjs';

const MB = 1e6;
const oneDigit = (value) => value.toFixed(1);

export function printHeading({ rounds, seconds }) {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, Linux ${release()}, Node ${process.versions.node}`;
  const today = new Date().toISOString().slice(0, 10);
  console.log(`\n${today}, ${machine}; median of rounds: ${rounds}, of ${seconds} s each`);
}

export function printLoadTable({ processes, floors, cells, results, servers }) {
  const row = (columns) => console.log(`| ${columns.join(' | ')} |`);
  console.log('');
  row(['work', 'clients', 'how', 'p50 ms', 'p95 ms', 'p99 ms', '200s a second', '503', 'errors']);
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const [name, times] of processes) {
    const shares = [0.5, 0.95, 0.99].map((share) => oneDigit(percentile(times, share)));
    row(['reference', 1, name, ...shares, oneDigit(1000 / median(times)), '', '']);
  }
  for (const [work, rounds] of floors) {
    const { p50, p95, p99, perSecond } = summaryOf(rounds);
    row([work, 1, 'floor', ...[p50, p95, p99, perSecond].map(oneDigit), '', '']);
  }
  for (const cell of cells) {
    const { p50, p95, p99, perSecond, refused, errors } = summaryOf(results.get(keyOf(cell)));
    const clients = cell.thinkMs ? `${cell.clients}, thinks ${cell.thinkMs} ms` : cell.clients;
    const figures = [p50, p95, p99, perSecond].map(oneDigit);
    row([cell.work, clients, servers[cell.server].label, ...figures, refused, errors]);
  }
}

/** Memory and start, each the median of what was measured. */
export function printHostTable({ memory, starts }) {
  const row = (what, measured) => console.log(`| ${what} | ${measured} |`);
  const inMb = (bytes) => `${oneDigit(bytes / MB)} MB`;
  console.log('');
  row('what', 'measured');
  row('---', '---');
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
}

export function printTargets(targets) {
  console.log('\n| figure | target | measured | reached |\n|---|---|---|---|');
  for (const { figure, target, measured, reached } of targets) {
    console.log(`| ${figure} | ${target} | ${measured} | ${reached} |`);
  }
}
