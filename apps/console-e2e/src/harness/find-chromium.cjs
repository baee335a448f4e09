/** Finds the browser that the console is tested in; `npm test` asks too, and installs one where there is none. */
const { existsSync } = require('node:fs');

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @returns the path of the Chromium that CHROMIUM names, else of one of the system's; undefined without any */
function findChromium() {
  return [process.env.CHROMIUM, ...USUAL_PLACES].find((path) => path && existsSync(path));
}

module.exports = { findChromium };
