import { readFileSync, writeFileSync } from 'node:fs';

const OWN_SCORE = '/proc/self/oom_score_adj';
/** How much sooner than the service its runners are ended when the host, or the container, runs out of memory: of 1000. */
const SOONER = 500;
const LARGEST = 1000;

/**
 * Calls `start`, which starts a process, and has the kernel end what it starts, and whatever that starts, before this
 * process when memory runs out. The score is inherited, so each of them has it from its first instruction: this process
 * takes it for the moment of the start. Anybody may raise the own score, and lower it again to where it was.
 */
export function startSoonerToGo<T>(start: () => T): T {
  const own = readOwn();
  if (own === null || !writeOwn(Math.min(LARGEST, own + SOONER))) {
    return start();
  }
  try {
    return start();
  } finally {
    writeOwn(own);
  }
}

/** Returns null where there is no such score: not on Linux, or without /proc. */
function readOwn(): number | null {
  try {
    return Number(readFileSync(OWN_SCORE, 'utf8'));
  } catch {
    // ENOENT, or EACCES where /proc is restricted.
    return null;
  }
}

function writeOwn(score: number): boolean {
  try {
    writeFileSync(OWN_SCORE, String(score));
    return true;
  } catch {
    // EROFS where /proc is mounted so: then nobody's can be changed.
    return false;
  }
}
