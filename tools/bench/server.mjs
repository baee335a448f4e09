/** Starts the built API on a free port of loopback, and waits until it can execute scripts. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { API_ANNOUNCEMENT, ROOT, ServiceProcess } from '../services/service-process.cjs';
import { Connection, getRequest } from './connection.mjs';

/** Loads what records traces, where they are configured. */
export const TRACING_ARGUMENTS = ['--require', join(ROOT, 'dist/apps/api/traces/register.js')];

const READY_TIMEOUT_MS = 30_000; // by default
const READY_POLL_MS = 10;

/**
 * @param {Record<string, string>} environment
 * @param {{ installation?: string, node?: string, nodeArguments?: string[],
 *   readyTimeoutMs?: number }} options `installation`: the checkout whose
 *   server is started; `node`: the Node that it runs on. By default both are ours
 * @returns {Promise<{ port: number, pid: number, log: () => string, readyMs: number, spawnedAt: number,
 *   stop: () => Promise<unknown> }>}
 *   `readyMs`: from spawning to the first 200 of /health/ready; `log`: what it said, which is errors only
 */
export async function startServer(
  environment,
  { installation = ROOT, node, nodeArguments = [], readyTimeoutMs = READY_TIMEOUT_MS } = {},
) {
  const service = new ServiceProcess({
    script: 'dist/apps/api/main.js',
    installation,
    node,
    environment: { METRICS_PORT: '0', ...environment, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'error' },
    nodeArguments,
    detached: true,
  });
  const port = Number(new URL(await service.announced(API_ANNOUNCEMENT)).port);
  try {
    await untilReady(port, readyTimeoutMs);
  } catch (error) {
    await service.stop();
    throw new Error(`The API did not become ready (${error.message}): ${service.log}`, { cause: error });
  }
  return {
    port,
    pid: service.pid,
    spawnedAt: service.spawnedAtMs,
    readyMs: performance.now() - service.spawnedAtMs,
    log: () => service.log,
    stop: () => service.stop(),
  };
}

async function untilReady(port, timeoutMs) {
  const connection = new Connection(port);
  const deadline = performance.now() + timeoutMs;
  try {
    while ((await connection.exchange(getRequest('/health/ready'))).status !== 200) {
      if (performance.now() > deadline) {
        throw new Error('not in time');
      }
      await delay(READY_POLL_MS);
    }
  } finally {
    connection.close();
  }
}
