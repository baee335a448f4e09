import { existsSync } from 'node:fs';
import { type BrowserServer, chromium } from 'playwright-core';

/** Debian's; CHROMIUM names another. */
const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function findChromium(): string {
  const found = [process.env['CHROMIUM'] ?? '', ...CANDIDATES].find(
    (path) => path !== '' && existsSync(path),
  );
  if (!found) {
    throw new Error('Chromium is missing: apt-get install chromium, or name one in CHROMIUM');
  }
  return found;
}

/** One browser that every spec file connects to. */
export function startBrowserServer(): Promise<BrowserServer> {
  return chromium.launchServer({
    executablePath: findChromium(),
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
