import 'reflect-metadata';
import { SandboxProbe } from '@pycell/sandbox';
import { createApplication } from './application';
import { ConfigurationError, readConfiguration, type Configuration } from './configuration/configuration';

async function main(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const app = await createApplication(configuration);
  const { host, port } = configuration.http;
  await app.listen(port, host);
  // Tried once at the start, so that the log tells at once whether scripts will run.
  void app.get(SandboxProbe, { strict: false }).check();
  announce(configuration, await app.getUrl());
}

/** Tells a person where the service is and what protects the host from its scripts. */
function announce({ sandbox }: Configuration, url: string): void {
  const isolation =
    sandbox.build === 'cloud' ? 'each run in nsjail' : 'NO isolation: run only scripts that you trust';
  process.stderr.write(`pycell API on ${url} (BUILD=${sandbox.build}: ${isolation})\n`);
}

/** Says in one line why the service cannot start. */
function explain(error: unknown): string {
  if (error instanceof ConfigurationError) {
    return error.message;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `The port is in use (${message}). Stop what uses it, or set PORT to a free one.`;
  }
  return error instanceof Error ? (error.stack ?? message) : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`pycell cannot start. ${explain(error)}\n`);
  process.exit(1);
});
