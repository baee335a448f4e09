/**
 * Loaded into a server by `node --require`: tells over the Unix socket PYCELL_LOOP_PROBE what held its event loop longest
 * since it was last asked. CPU time of the main thread between two turns of the loop, in milliseconds: unlike the time on
 * the wall it does not grow with what else the machine has to do. Collections of garbage are told apart.
 */
const { readFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { PerformanceObserver } = require('node:perf_hooks');
const { isMainThread } = require('node:worker_threads');

const TURN_MS = 1;

/** @returns {number} */
function cpuMs() {
  // Has the kernel settle the account of this thread, which it otherwise does at its ticks, every few milliseconds.
  process.cpuUsage();
  return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ', 1)[0]) / 1e6;
}

function probe() {
  let seenMs = cpuMs();
  let collectedMs = 0;
  let longest = { stallMs: 0, collectionMs: 0 };

  // Collections are told a turn late: what was collected is taken off at the earliest in the turn after it.
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collectedMs += duration;
  }).observe({ entryTypes: ['gc'] });

  let previous = { stallMs: 0 };
  const look = () => {
    const nowMs = cpuMs();
    const stall = { stallMs: nowMs - seenMs };
    seenMs = nowMs;
    const worked = Math.max(0, previous.stallMs - collectedMs);
    if (worked > longest.stallMs) longest = { stallMs: worked, collectionMs: collectedMs };
    collectedMs = 0;
    previous = stall;
    setTimeout(look, TURN_MS).unref();
  };
  look();

  createServer((socket) => {
    // Two turns later, so that the turn before the question counts.
    setTimeout(() => {
      socket.end(JSON.stringify(longest));
      longest = { stallMs: 0, collectionMs: 0 };
    }, 4 * TURN_MS);
  })
    .listen(process.env.PYCELL_LOOP_PROBE)
    .unref();
}

if (isMainThread && process.env.PYCELL_LOOP_PROBE) probe();
