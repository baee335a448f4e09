/**
 * Loaded into the API by a test (`node --require`): each SIGWINCH lets its wall clock jump, an hour ahead, then two back,
 * then to where it was. What measures intervals (`performance.now()`, timers) is not touched, as by a real jump.
 */
const HOUR_MS = 3_600_000;
const JUMPS_MS = [HOUR_MS, -2 * HOUR_MS, HOUR_MS];

const RealDate = Date;
let offsetMs = 0;
let jumps = 0;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + offsetMs] : given));
  }

  static now() {
    return RealDate.now() + offsetMs;
  }
};

process.on('SIGWINCH', () => {
  offsetMs += JUMPS_MS[jumps++ % JUMPS_MS.length];
  process.stderr.write(`the clock jumped to ${new Date().toISOString()}\n`);
});
