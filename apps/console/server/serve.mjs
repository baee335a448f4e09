/** The console's own server: the page, its settings, and the API behind the same origin. */
import { setImmediate } from 'node:timers';
import { createConsoleServer } from './console-server.mjs';
import { readServerSettings, SettingsError } from './server-settings.mjs';

/** What to do when the server cannot listen, by the system's code. */
const REMEDIES = {
  EADDRINUSE: 'The port is in use: stop what uses it, or set CONSOLE_PORT to a free one',
  EADDRNOTAVAIL: 'This machine does not have the address: set CONSOLE_HOST to one that it has',
  ENOTFOUND: 'There is no such host: set CONSOLE_HOST to an address of this machine',
  EACCES: 'The port needs more rights: set CONSOLE_PORT to one above 1023',
};

/** The API ends runs when the grace is over; what it says of them then must still get through. */
const LAST_ANSWERS_MS = 2_000;

function fail(error) {
  const remedy = REMEDIES[error.code];
  const message = remedy ? `${remedy} (${error.message})` : error.message;
  process.stderr.write(
    `pycell console cannot start. ${remedy || error instanceof SettingsError ? message : error.stack}\n`,
  );
  process.exit(1);
}

/** @returns what makes the server take no more requests, and end when those in flight are answered or time is up */
function prepareEnd(server, patienceMs) {
  let isEnding = false;
  server.on('request', (_request, response) =>
    response.once('close', () => {
      if (isEnding) {
        // Browsers keep a connection after its answer. It is idle only when everybody has heard of the end.
        setImmediate(() => server.closeIdleConnections());
      }
    }),
  );
  return () => {
    isEnding = true;
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), patienceMs).unref();
  };
}

function start() {
  const settings = readServerSettings(process.env);
  const server = createConsoleServer(settings);
  server.once('error', fail);
  server.listen(settings.port, settings.host, () => {
    const { address, family, port } = server.address();
    const host = family === 'IPv6' ? `[${address}]` : address;
    process.stderr.write(`pycell console on http://${host}:${port} (API: ${settings.upstream.origin})\n`);
  });
  const end = prepareEnd(server, settings.shutdownGraceMs + LAST_ANSWERS_MS);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, end);
  }
}

try {
  start();
} catch (error) {
  // A setting that makes no sense, or files that were not built.
  fail(error);
}
