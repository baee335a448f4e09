import { mkdirSync, rmSync } from 'node:fs';
import { startBrowserServer } from './browser';
import { FAILURES, SCREENSHOTS } from './kept-files';
import { startApi, startConsole } from './pycell';
import { announceServices } from './shared-services';

declare global {
  /** Ends what the set-up started; the tear-down calls it. */
  var stopSharedServices: (() => Promise<void>) | undefined;
}

export default async function startSharedServices({
  maxWorkers,
}: {
  readonly maxWorkers: number;
}): Promise<void> {
  for (const folder of [FAILURES, SCREENSHOTS]) {
    // What is in there tells about this run only.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const browsers = await Promise.all(Array.from({ length: maxWorkers }, startBrowserServer));
  // Longer than usual: what a test does while a script runs takes longer where the machine has other work.
  const api = await startApi({ SCRIPT_TIMEOUT: '25' });
  const server = await startConsole(api);
  announceServices({
    apiUrl: api.url,
    consoleUrl: server.url,
    browserEndpoints: browsers.map((browser) => browser.wsEndpoint()).join(' '),
  });
  globalThis.stopSharedServices = async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await server.stop();
    await api.stop();
  };
}
