/** `npm start`: the whole set-up, then the API, jailed where this host can, and the console in front of it. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { loadSettings, ROOT } from './set-up/places.mjs';
import { note, runMain, SetUpError } from './set-up/progress.mjs';
import { setUp } from './set-up/set-up.mjs';

/** BUILD is the user's choice; without it the host is examined once. The API itself never falls back. */
async function chooseBuild() {
  if (process.env.BUILD) {
    return process.env.BUILD;
  }
  const { askHost } = await import('./host.mjs');
  const { canSandbox, checks } = await askHost();
  if (canSandbox) {
    note('This host can sandbox: BUILD=cloud, each script runs in nsjail.');
    return 'cloud';
  }
  const missing = checks
    .filter(({ status }) => status === 'missing')
    .map(({ name, found }) => `${name}: ${found}`);
  note(`BUILD=local, scripts are NOT isolated. Missing: ${missing.join('; ')}. npm run doctor tells more.`);
  return 'local';
}

/** Fails early when the port that the variable `name` sets is in use. */
async function checkPort(name, port, host) {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    return; // the service reports the invalid value
  }
  await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', ({ code }) =>
      code === 'EADDRINUSE'
        ? reject(new SetUpError(`Port ${port} is in use. Stop what uses it, or set ${name} to a free one.`))
        : resolve(),
    );
    server.listen(port, host, () => server.close(resolve));
  });
}

/** What is started, in this order, in the same environment: HOST and PORT tell the console where the API is. */
const SERVICES = [
  // OpenTelemetry, which it loads where OTEL_ variables ask for traces, comes before the application: docs/traces.md.
  ['--require', join(ROOT, 'dist/apps/api/traces/register.js'), join(ROOT, 'dist/apps/api/main.js')],
  [join(ROOT, 'apps/console/server/serve.mjs')],
];

/** Ctrl+C arrives twice, from the terminal and from npm, which passes it on: within this time it counts once. */
const REPEATED_MS = 1_000;

/** Starts the services, hands on signals, and ends when the first of them has. */
async function runServices(env) {
  // In a group of their own: Ctrl+C in a terminal reaches them through us, once.
  const how = { cwd: ROOT, env, stdio: 'inherit', detached: true };
  const children = SERVICES.map((command) => spawn(process.execPath, command, how));
  let endingSince = null;
  const endAll = (signal) => children.forEach((child) => child.kill(signal));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (endingSince !== null && performance.now() - endingSince < REPEATED_MS) {
        return;
      }
      if (endingSince !== null) {
        // The second signal does not wait for the runs in flight; their supervisors notice and kill them.
        endAll('SIGKILL');
      } else {
        endingSince = performance.now();
        note('Shutting down. Runs in flight may finish; a second signal stops at once.');
        endAll(signal);
      }
    });
  }
  const ends = children.map(
    (child) =>
      new Promise((resolve) =>
        child.once('exit', (code, signal) => resolve(signal && endingSince === null ? 1 : (code ?? 0))),
      ),
  );
  const status = await Promise.race(ends);
  endAll('SIGTERM');
  await Promise.all(ends);
  return status;
}

await runMain(async () => {
  loadSettings();
  const host = process.env.HOST || '127.0.0.1';
  // First, since the set-up may replace what a service that runs already is using.
  await checkPort('PORT', Number(process.env.PORT || 8080), host);
  const consoleHost = process.env.CONSOLE_HOST || '127.0.0.1';
  await checkPort('CONSOLE_PORT', Number(process.env.CONSOLE_PORT || 3000), consoleHost);
  await setUp();
  const build = await chooseBuild();
  return runServices({ ...process.env, BUILD: build, HOST: host });
});
