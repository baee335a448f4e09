/** Starts the built API on a free port of loopback, and ends it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../set-up/places.mjs';
import { Connection, getRequest } from './connection.mjs';

const API = join(ROOT, 'dist/apps/api/main.js');
/** Variables of ours that say where the sandbox is; no other one reaches the server. */
const PASSED_ON = ['NSJAIL_PATH', 'SANDBOX_ROOT', 'PYTHON', 'TMPDIR'];
const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 10;
const STOP_TIMEOUT_MS = 30_000;

const running = new Set();

/** Has Ctrl+C end the servers in an orderly way before this process ends. */
export function endServersWithUs() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, async () => {
      await Promise.all([...running].map((server) => server.stop()));
      process.exit(130);
    });
  }
}

/**
 * Starts a server; resolves when it is ready to execute scripts.
 * @returns {Promise<{ port: number, pid: number, log: () => string, readyMs: number, spawnedAt: number,
 *   stop: () => Promise<void> }>}
 *   `readyMs`: from spawning to the first 200 of /health/ready; `log`: the last of what it said on stderr
 */
export async function startServer(environment, { nodeArguments = [] } = {}) {
  const passedOn = PASSED_ON.filter((name) => process.env[name]).map((name) => [name, process.env[name]]);
  const spawnedAt = performance.now();
  const child = spawn(process.execPath, [...nodeArguments, API], {
    env: {
      ...Object.fromEntries(passedOn),
      ...environment,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl+C in a terminal reaches it through us, once.
    detached: true,
  });
  const said = listen(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const server = {
    pid: child.pid,
    spawnedAt,
    log: said.text,
    stop: async () => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(force);
      running.delete(server);
    },
  };
  running.add(server);
  try {
    const fails = ended.then(() => Promise.reject(new Error('it ended')));
    server.port = await Promise.race([said.port, fails]);
    server.readyMs = (await Promise.race([waitUntilReady(server.port), fails])) - spawnedAt;
  } catch (error) {
    await server.stop();
    throw new Error(`The API did not start (${error.message}): ${said.text()}`, { cause: error });
  }
  return server;
}

/** Collects what the server says; it names its port when it listens. */
function listen(child) {
  let text = '';
  const port = new Promise((resolve) => {
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (more) => {
      text = (text + more).slice(-20_000);
      const found = /pycell API on http:\/\/[^\s]+:(\d+)/.exec(text)?.[1];
      if (found) {
        resolve(Number(found));
      }
    });
  });
  return { port, text: () => text };
}

async function waitUntilReady(port) {
  const connection = new Connection(port);
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while ((await connection.exchange(getRequest('/health/ready'))).status !== 200) {
    if (performance.now() > deadline) {
      connection.close();
      throw new Error('it was not ready in time');
    }
    await delay(READY_POLL_MS);
  }
  connection.close();
  return performance.now();
}
