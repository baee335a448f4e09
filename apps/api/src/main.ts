import 'reflect-metadata';
import { SANDBOX_EXECUTOR, type SandboxExecutor, SandboxProbe } from '@pycell/sandbox';
import { createApplication } from './application';
import { opennessOf } from './callers/openness';
import { ConfigurationError, readConfiguration, type Configuration } from './configuration/configuration';
import type { Role } from './configuration/jobs-options';
import { withoutKeys } from './configuration/key-text';
import { MetricsServer } from './metrics/metrics-server';
import { Traces } from './traces/traces';

async function main(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const app = await createApplication(configuration);
  const { host, port } = configuration.http;
  await app.listen(port, host);
  const url = await app.getUrl();
  if (configuration.jobs.role === 'callbacks') {
    process.stderr.write(
      `pycell callbacks on ${url} (ROLE=callbacks: sends callbacks, and runs no scripts)\n`,
    );
  } else {
    // Probed at the start, so that the log says at once whether scripts will run.
    void app.get(SandboxProbe, { strict: false }).check();
    const { isolation } = app.get<SandboxExecutor>(SANDBOX_EXECUTOR, { strict: false });
    announce(configuration, isolation, url);
  }
  announceMetrics(app.get(MetricsServer, { strict: false }).url);
  if (app.get(Traces).areMissing) {
    process.stderr.write(`${TRACES_MISSING}\n`);
  }
}

/** What a process does by its role. */
const PARTS = {
  api: 'executes scripts, and accepts asynchronous executions for workers',
  worker: 'runs asynchronous executions, and answers to /health only',
  both: 'executes scripts, also asynchronously',
} as const satisfies Partial<Record<Role, string>>;

const IN_MEMORY =
  'Asynchronous executions are kept in memory: those that wait, run or have ended ARE LOST when the service restarts (REDIS_URL)';

/** Says where the service listens, who may use it and what protects the host from its scripts. */
function announce(configuration: Configuration, level: string, url: string): void {
  const { sandbox, http, jobs, redis } = configuration;
  const isolation =
    sandbox.build === 'cloud'
      ? `runs in ${level}, once the self-test has passed`
      : 'NO isolation: run only scripts that you trust';
  // The URL names a loopback address in that case, too.
  const reach = ['0.0.0.0', '::'].includes(http.host) ? ', reachable from other machines' : '';
  const name = jobs.role === 'worker' ? 'worker' : 'API';
  process.stderr.write(
    `pycell ${name} on ${url} (BUILD=${sandbox.build}: ${isolation}${reach}; ROLE=${jobs.role}: ${PARTS[jobs.role as keyof typeof PARTS]})\n`,
  );
  if (!redis) {
    process.stderr.write(`${IN_MEMORY}\n`);
  }
  const openness = opennessOf(configuration);
  if (openness) {
    process.stderr.write(`${openness.text}\n`);
  }
}

function announceMetrics(url: string | null): void {
  process.stderr.write(url ? `pycell metrics on ${url}\n` : '');
}

const TRACES_MISSING =
  'Traces are configured and NOT recorded: start the API by node --require ./dist/apps/api/traces/register.js dist/apps/api/main.js';

/** What to do when the service cannot listen, by the code of the system's error. */
const LISTEN_REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is in use: stop what uses it, or set PORT to a free one',
  EADDRNOTAVAIL: 'This machine has no such address: set HOST to one of its own',
  ENOTFOUND: 'The host name is unknown: set HOST to an address of this machine',
  EACCES: 'The port needs more privileges: set PORT to one above 1023',
};

/** Returns why the service cannot start, in one line where the cause is known. */
function explain(error: unknown): string {
  if (error instanceof ConfigurationError) {
    return error.message;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  const remedy = LISTEN_REMEDIES[code ?? ''];
  if (remedy) {
    return `${remedy} (${message})`;
  }
  return error instanceof Error ? (error.stack ?? message) : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`pycell cannot start. ${withoutKeys(explain(error))}\n`);
  process.exit(1);
});
