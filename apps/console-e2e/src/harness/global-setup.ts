import { mkdirSync, rmSync } from 'node:fs';
import { startBrowserServer } from './browser';
import { FAILURES, SCREENSHOTS } from './kept-files';
import { startApi, startConsole } from './pycell';
import { announceServices } from './shared-services';

declare global {
  /** Ends what the set-up started; the tear-down calls it. */
  var stopSharedServices: (() => Promise<void>) | undefined;
}

export default async function startSharedServices(): Promise<void> {
  for (const folder of [FAILURES, SCREENSHOTS]) {
    // What is in there tells about this run only.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const browser = await startBrowserServer();
  const api = await startApi();
  const server = await startConsole(api);
  announceServices({
    apiUrl: api.url,
    consoleUrl: server.url,
    browserEndpoint: browser.wsEndpoint(),
  });
  globalThis.stopSharedServices = async () => {
    await browser.close();
    await server.stop();
    await api.stop();
  };
}
