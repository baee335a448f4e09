/** Starts the built API on a free port of loopback for a benchmark. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../set-up/places.mjs';

/** Returns { url, stop }; resolves when the server says that it listens. */
export function startServer(environment) {
  const child = spawn(process.execPath, [join(ROOT, 'dist/apps/api/main.js')], {
    env: { ...environment, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text) => {
      said += text;
      const url = /pycell API on (http:\S+)/.exec(said)?.[1];
      if (url) {
        resolve({ url, stop });
      }
    });
    void ended.then(() => reject(new Error(`The API did not start: ${said}`)));
  });
}
