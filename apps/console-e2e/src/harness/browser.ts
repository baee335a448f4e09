import { type BrowserServer, chromium } from 'playwright-core';
import { findChromium } from './find-chromium.cjs';

/** @throws Error that says what to install */
function chromiumPath(): string {
  const found = findChromium();
  if (found === undefined) {
    throw new Error('Chromium is missing: apt-get install chromium, or name one in CHROMIUM');
  }
  return found;
}

/** A browser that every spec file of a worker connects to. */
export function startBrowserServer(): Promise<BrowserServer> {
  return chromium.launchServer({
    executablePath: chromiumPath(),
    headless: true,
    host: '127.0.0.1',
    args: [
      // As root, and in containers, Chromium's own sandbox cannot start. It sees only our page here.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  });
}
