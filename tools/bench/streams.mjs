/** What streams and batches cost: the first byte of output, a thousand inputs at once, readers that wait or do not read. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf } from '../services/processes.cjs';
import { load } from './load.mjs';
import {
  LEAST_BATCH_RATE,
  MOST_BATCH_CPU,
  MOST_BESIDE_READERS,
  MOST_FIRST_BYTE_MS,
  MOST_READER_KIB,
} from './goals.mjs';
import { figure, printTable } from './markdown.mjs';
import { median, percentile } from './statistics.mjs';
import { withCost } from './tree-cost.mjs';
import { ZYGOTE_KINDS } from './works.mjs';

const FIRST_BYTES = 200;
const BATCH_INPUTS = 1000;
const CLIENTS = 8;
const SLOW_READERS = 500;
/** As many as run and wait by default, without a word of refusal: of one caller. */
const IDLE_STREAMS = 60;
/** So that none of them finds the queue full. */
const READER_GAP_MS = 10;
const SETTLE_MS = 1_500;
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
/** It fits into what the kernel keeps for a connection, as most output does. */
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

/** Milliseconds between each print and its arrival here: of the first of each run, and of a later one. */
async function firstBytes(port) {
  const times = { first: [], later: [] };
  for (let count = 0; count < FIRST_BYTES; count++) {
    const response = await post(port, '/execute', { script: `${PRINT_SCRIPT}  # ${count}` }, STREAMED);
    const names = ['first', 'later'];
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

/** What so many readers cost the service: KiB of its memory each, and, for those of ended runs, another's p50 beside them. */
async function readers({ port, pid }, { script, count, haveEnded, seconds }) {
  const p50 = async () => percentile((await load(port, 'hello', { clients: 1, seconds })).times, 0.5);
  const aloneBefore = haveEnded ? await p50() : NaN;
  const before = memoryOf(pid).pss;
  const sockets = [];
  for (let number = 0; number < count; number++) {
    sockets.push(silentReader(port, `${script}  # ${number}`));
    if (haveEnded) {
      await delay(READER_GAP_MS);
    }
  }
  await delay(SETTLE_MS);
  const kib = (memoryOf(pid).pss - before) / count / 1024;
  const beside = haveEnded ? await p50() : NaN;
  sockets.forEach((socket) => socket.destroy());
  await delay(SETTLE_MS);
  // Beside both: a machine that slows down slows them alike.
  const alone = haveEnded ? (aloneBefore + (await p50())) / 2 : NaN;
  return { kib, p50Ratio: beside / alone };
}

/**
 * Measures one server, whose queue has its default length.
 * @returns {Promise<object>} medians: `firstMs`, `laterMs` of a print; `batch` with { perSecond, rate, cpu }, the last two
 *   to those of 8 clients; `slow` and `idle` readers with { kib, p50Ratio }
 */
export async function measureStreams(server, { rounds, seconds }) {
  const { port, pid } = server;
  const prints = await firstBytes(port);
  const turns = [];
  for (let round = 0; round < rounds; round++) {
    const single = await withCost(pid, ZYGOTE_KINDS.hello, () =>
      load(port, 'hello', { clients: CLIENTS, seconds }),
    );
    const many = await withCost(pid, ZYGOTE_KINDS.hello, () => batch(port));
    turns.push({
      perSecond: many.perSecond,
      rate: many.perSecond / single.perSecond,
      cpu: many.cost.all.ms / single.cost.all.ms,
    });
  }
  const middle = (name) => median(turns.map((turn) => turn[name]));
  return {
    ...{ firstMs: median(prints.first), laterMs: median(prints.later) },
    batch: { perSecond: middle('perSecond'), rate: middle('rate'), cpu: middle('cpu') },
    slow: await readers(server, { script: LONG, count: SLOW_READERS, haveEnded: true, seconds }),
    idle: await readers(server, { script: QUIET, count: IDLE_STREAMS, haveEnded: false, seconds }),
  };
}

export function printStreams({ firstMs, laterMs, batch: { perSecond, rate, cpu }, slow, idle }) {
  printTable(
    ['streams and batches', ''],
    [
      ["a run's first print until its first byte is here, p50", `${figure(firstMs)} ms`],
      ['a later one', `${figure(laterMs)} ms`],
      [`hellos in a batch of ${BATCH_INPUTS}`, `${figure(perSecond)} a second`],
      [`their rate to that of ${CLIENTS} clients`, figure(rate)],
      ['their CPU time a run to that of these', figure(cpu)],
      [`${SLOW_READERS} that do not read what ended runs printed, each`, `${figure(slow.kib)} KiB`],
      ["another's p50 beside them, to that without", figure(slow.p50Ratio)],
      [`${IDLE_STREAMS} streams in which nothing happens, each`, `${figure(idle.kib)} KiB`],
    ],
  );
}

/** Returns { figure, target, measured, reached } of each figure that has a target. */
export function judgeStreams({ firstMs, laterMs, batch: { rate, cpu }, slow, idle }) {
  const most = (name, measured, limit, unit) => ({
    figure: name,
    target: `at most ${limit} ${unit}`,
    measured: `${figure(measured)} ${unit}`,
    reached: measured <= limit ? 'yes' : '**no**',
  });
  return [
    most('first byte of a stream after its print, p50', Math.max(firstMs, laterMs), MOST_FIRST_BYTE_MS, 'ms'),
    {
      figure: `rate of a batch of ${BATCH_INPUTS} hellos to ${CLIENTS} clients`,
      target: `at least ${LEAST_BATCH_RATE} times`,
      measured: `${figure(rate)} times`,
      reached: rate >= LEAST_BATCH_RATE ? 'yes' : '**no**',
    },
    most('CPU time a run of that batch, to theirs', cpu, MOST_BATCH_CPU, 'times'),
    most('memory of the service for a stream that is not read', slow.kib, MOST_READER_KIB, 'KiB'),
    most('memory of the service for a stream in which nothing happens', idle.kib, MOST_READER_KIB, 'KiB'),
    most("another's p50 beside streams that are not read", slow.p50Ratio, MOST_BESIDE_READERS, 'times'),
  ];
}
