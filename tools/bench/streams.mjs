/** What streams and batches cost: the first byte of output, a thousand inputs at once, readers that wait or do not read. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf } from '../services/processes.cjs';
import { load } from './load.mjs';
import { figure, printTable } from './markdown.mjs';
import { median, percentile } from './statistics.mjs';
import { withCost } from './tree-cost.mjs';
import { ZYGOTE_KINDS } from './works.mjs';

const FIRST_BYTES = 200;
const BATCH_INPUTS = 1000;
const CLIENTS = 8;
const SLOW_READERS = 500;
const SECONDS = 3;
/** The clock of `time.monotonic_ns()` is that of `process.hrtime`: the jail has no time of its own. */
const PRINT_SCRIPT = [
  'import time',
  'def main():',
  '    print(time.monotonic_ns(), flush=True)',
  '    time.sleep(0.02)',
  '    print(time.monotonic_ns(), flush=True)',
].join('\n');
const HELLO = 'def main(n):\n    print("Hello")\n    return {"message": f"Hello {n}"}';
const QUIET = 'import time\ndef main():\n    print("waiting")\n    time.sleep(8)';
/** Beyond what the client's kernel takes: it stays with the service's kernel, and then with the service. */
const LONG = 'def main():\n    print("x" * 100_000)';

/** Sends a POST; resolves with the response as soon as its head is there. */
function post(port, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const sent = request(
      {
        ...{ host: '127.0.0.1', port, path, method: 'POST', agent: false },
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(text),
          ...headers,
        },
      },
      resolve,
    );
    sent.once('error', reject);
    sent.end(text);
  });
}

const STREAMED = { Accept: 'application/x-ndjson' };

/** Milliseconds between each print and its arrival here: of the first of each run, which START's delay is in, and of the second. */
async function firstBytes(port) {
  const times = { first: [], second: [] };
  for (let count = 0; count < FIRST_BYTES; count++) {
    const response = await post(port, '/execute', { script: `${PRINT_SCRIPT}  # ${count}` }, STREAMED);
    const names = ['first', 'second'];
    for await (const chunk of response) {
      const now = process.hrtime.bigint();
      for (const [, printed] of chunk.toString().matchAll(/"text":"(\d+)\\n"/g)) {
        times[names.shift()].push(Number(now - BigInt(printed)) / 1e6);
      }
    }
  }
  return times;
}

/** Executes a batch of hellos; its rate, as `load` tells it. */
async function batch(port) {
  const since = performance.now();
  const inputs = Array.from({ length: BATCH_INPUTS }, (_, n) => ({ n }));
  const response = await post(port, '/execute/batch', { script: HELLO, inputs }, STREAMED);
  let text = '';
  for await (const chunk of response) {
    text += chunk;
  }
  const answered = text.split('\n').filter((line) => line.includes('"status":200')).length;
  if (answered !== BATCH_INPUTS) {
    throw new Error(`A batch of ${BATCH_INPUTS} was answered by ${answered}: ${text.slice(0, 300)}`);
  }
  return { answered, perSecond: answered / ((performance.now() - since) / 1000) };
}

/** Sends a streamed execution on a socket that nobody reads from. */
function silentReader(port, script) {
  const body = JSON.stringify({ script });
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.pause();
  const head = ['POST /execute HTTP/1.1', 'Host: 127.0.0.1', 'Accept: application/x-ndjson'];
  head.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  return socket;
}

/** What so many readers cost the service: bytes of memory each, and the p50 of others beside that without them. */
async function readers({ port, pid }, script, count) {
  const work = () => load(port, 'hello', { clients: 1, seconds: SECONDS });
  const p50 = ({ times }) => percentile(times, 0.5);
  await work();
  const alone = p50(await work());
  const before = memoryOf(pid).pss;
  const sockets = [];
  for (let number = 0; number < count; number++) {
    sockets.push(silentReader(port, `${script}  # ${number}`));
    await delay(10); // so that none finds the queue full
  }
  await delay(1_000);
  const bytes = (memoryOf(pid).pss - before) / count;
  const beside = p50(await work());
  sockets.forEach((socket) => socket.destroy());
  await delay(1_000);
  return { bytes, p50Ratio: beside / alone };
}

/**
 * Measures one server, whose queue has its default length.
 * @returns {Promise<object>} medians: `firstMs`, `secondMs` of a print; `batchRate` and `batchCpu`, a batch's to those of
 *   8 clients; `slow` and `idle` readers, `bytes` each and `p50Ratio` of others
 */
export async function measureStreams(server, { rounds }) {
  const prints = await firstBytes(server.port);
  const turns = [];
  for (let round = 0; round < rounds; round++) {
    const single = await withCost(server.pid, ZYGOTE_KINDS.hello, () =>
      load(server.port, 'hello', { clients: CLIENTS, seconds: SECONDS }),
    );
    const many = await withCost(server.pid, ZYGOTE_KINDS.hello, () => batch(server.port));
    turns.push({
      rate: many.perSecond / single.perSecond,
      cpu: many.cost.all.ms / single.cost.all.ms,
      perSecond: many.perSecond,
    });
  }
  return {
    firstMs: median(prints.first),
    secondMs: median(prints.second),
    batchPerSecond: median(turns.map(({ perSecond }) => perSecond)),
    batchRate: median(turns.map(({ rate }) => rate)),
    batchCpu: median(turns.map(({ cpu }) => cpu)),
    slow: await readers(server, LONG, SLOW_READERS),
  };
}

export function printStreams({ firstMs, secondMs, batchPerSecond, batchRate, batchCpu, slow }) {
  printTable(
    ['streams and batches', 'measured', 'must be'],
    [
      ["a run's first print until its first byte, ms, p50", figure(firstMs), 'at most 5'],
      ['a later one, ms, p50', figure(secondMs), 'at most 5'],
      [`hellos a second in a batch of ${BATCH_INPUTS}`, figure(batchPerSecond), '-'],
      [`to the rate of ${CLIENTS} clients`, figure(batchRate), 'at least 1.2'],
      ['CPU a run, to theirs', figure(batchCpu), 'at most 0.85'],
      [
        `memory of the service, KiB for each of ${SLOW_READERS} that do not read`,
        figure(slow.bytes / 1024),
        'below 64',
      ],
      ["another's p50 beside them, to that without", figure(slow.p50Ratio), 'at most 1.1'],
    ],
  );
}
