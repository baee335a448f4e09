/**
 * What it costs to operate the service: keys with rates, metrics by key, and traces of every request, each on its own and
 * all together, beside the same service without any of them.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { MOST_OPERATIONS_CPU } from './goals.mjs';
import { load } from './load.mjs';
import { figure, printTable, spread } from './markdown.mjs';
import { percentile, ratiosOf } from './statistics.mjs';
import { withCost } from './tree-cost.mjs';
import { TRACING_ARGUMENTS } from './server.mjs';
import { ZYGOTE_KINDS } from './works.mjs';

const CLIENTS = 8;
/** As long as a key is. It opens nothing but the service that is measured. */
const KEY = `pycell_${'b'.repeat(43)}`;
/** Never reached, always counted. */
const RATE = { requests: 1_000_000, seconds: 60 };
const SCRAPE_INTERVAL_MS = 1_000;

/** A collector of traces that takes what comes and keeps nothing. */
async function startCollector() {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.setHeader('Content-Type', 'application/json').end('{}'));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((resolve) => server.close(resolve) && server.closeAllConnections()),
  };
}

/** What is switched on beside nothing: environment, and the headers of the clients. */
function waysOf(keysFile, collectorUrl) {
  const off = { METRICS_PORT: 'off' };
  const keys = { API_KEYS_FILE: keysFile };
  const metrics = { METRICS_PORT: '0', METRICS_BY_KEY: 'true' };
  const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl };
  return {
    nothing: { environment: off },
    'keys and rates': { environment: { ...off, ...keys }, headers: [`X-API-Key: ${KEY}`] },
    metrics: { environment: metrics },
    traces: { environment: { ...off, ...traces } },
    everything: { environment: { ...keys, ...metrics, ...traces }, headers: [`X-API-Key: ${KEY}`] },
  };
}

/** Has the metrics of a server read as Prometheus does; returns what ends that. */
function scrape(server) {
  const url = /metrics on (http:\S+)/.exec(server.log())?.[1];
  const timer = url && setInterval(() => void fetch(url).then((answer) => answer.text()), SCRAPE_INTERVAL_MS);
  return () => clearInterval(timer);
}

/**
 * Measures hello by eight clients, each way in turn in each round.
 * @param start starts a server with more settings and arguments of Node
 * @returns {Promise<Map<string, object[]>>} the rounds of each way
 */
export async function measureOperations(start, { rounds, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'pycell-bench-'));
  const keysFile = join(folder, 'keys.json');
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  writeFileSync(keysFile, JSON.stringify({ keys: [{ name: 'bench', sha256: [sha256], rate: RATE }] }));
  const collector = await startCollector();
  const ways = Object.entries(waysOf(keysFile, collector.url));
  const measured = new Map(ways.map(([name]) => [name, []]));
  const servers = [];
  try {
    for (const [, { environment }] of ways) {
      servers.push(await start(environment, { nodeArguments: TRACING_ARGUMENTS }));
    }
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < ways.length; turn++) {
        const index = (turn + round) % ways.length;
        const [name, { headers }] = ways[index];
        const { port, pid } = servers[index];
        const stopScraping = scrape(servers[index]);
        const result = await withCost(pid, ZYGOTE_KINDS.hello, () =>
          load(port, 'hello', { clients: CLIENTS, seconds, headers }),
        );
        stopScraping();
        measured.get(name).push(result);
      }
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await collector.stop();
    rmSync(folder, { recursive: true });
  }
  return measured;
}

const FIGURES = {
  cpu: ({ cost }) => cost.all.ms,
  service: ({ cost }) => cost.parts?.service.ms ?? NaN,
  p50: ({ times }) => percentile(times, 0.5),
  rate: ({ perSecond }) => perSecond,
};

function ratios(measured, name, of) {
  return ratiosOf(measured.get(name).map(FIGURES[of]), measured.get('nothing').map(FIGURES[of]));
}

export function printOperations(measured) {
  const columns = Object.keys(FIGURES);
  printTable(
    [`hello, ${CLIENTS} clients, beside nothing`, 'CPU a run', 'CPU of the service', 'p50', 'a second'],
    [...measured.keys()]
      .filter((name) => name !== 'nothing')
      .map((name) => [name, ...columns.map((of) => spread(ratios(measured, name, of)))]),
  );
}

/** Returns { figure, target, measured, reached } of each figure that has a target. */
export function judgeOperations(measured) {
  const { middle } = ratios(measured, 'everything', 'cpu');
  return [
    {
      figure: 'CPU time a hello with keys, rates, metrics and traces, to that without',
      target: `at most ${MOST_OPERATIONS_CPU} times`,
      measured: `${figure(middle)} times`,
      reached: middle <= MOST_OPERATIONS_CPU ? 'yes' : '**no**',
    },
  ];
}
