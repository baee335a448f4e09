/** Finds the browser that the console is tested in. */
import { existsSync } from 'node:fs';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Returns the path of a Chromium: the one that CHROMIUM names, else one of the system's; undefined without any. */
export function findChromium() {
  return [process.env.CHROMIUM, ...CANDIDATES].find((path) => path && existsSync(path));
}
