import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { API_ANNOUNCEMENT, CONSOLE_ANNOUNCEMENT } from '../../../../tools/services/service-process.cjs';
import { ServiceProcess } from './service-process';

export const READY_TIMEOUT_MS = 15_000;

type Environment = Readonly<Record<string, string>>;

/** Whether this run promised to test the jail: then a host that cannot is a failure. */
function isJailRequired(): boolean {
  return process.env['CI'] === 'true' || process.env['PYCELL_REQUIRE_JAIL'] === 'true';
}

/** Starts an API that may not be ready yet: jailed, or without a jail where the host has none and none was promised. */
export function launchApi(environment: Environment = {}): Promise<ServiceProcess> {
  const isJailSkipped = process.env['PYCELL_SKIP_JAIL'] === 'true' && !isJailRequired();
  const build = isJailSkipped ? 'local' : 'cloud';
  return ServiceProcess.start({
    script: 'dist/apps/api/main.js',
    environment: { BUILD: build, HOST: '127.0.0.1', PORT: '0', METRICS_PORT: 'off', ...environment },
    announcement: API_ANNOUNCEMENT,
  });
}

/** The same, and waits until it is ready. */
export async function startApi(environment: Environment = {}): Promise<ServiceProcess> {
  const api = await launchApi(environment);
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while ((await fetch(`${api.url}${API_PATHS.ready}`)).status !== 200) {
    if (Date.now() > deadline) {
      await api.stop();
      throw new Error(`The API did not become ready:\n${api.log}`);
    }
    await delay(20);
  }
  return api;
}

/** Starts the console's server in front of an API. */
export function startConsole(
  api: { readonly url: string },
  environment: Environment = {},
): Promise<ServiceProcess> {
  return ServiceProcess.start({
    script: 'apps/console/server/serve.mjs',
    environment: { CONSOLE_PORT: '0', API_UPSTREAM: api.url, ...environment },
    announcement: CONSOLE_ANNOUNCEMENT,
  });
}
