import type { MetadataResponse } from '@pycell/contracts';
import { lookUp } from '../api/look-up';

/** What each check looks at from inside a run, for people. */
const CHECKS: Readonly<Record<string, string>> = {
  processes: 'no process but its own in sight',
  user: 'a user without rights',
  capabilities: 'no capability',
  environment: 'nothing of the service’s environment',
  proc: 'no /proc',
  descriptors: 'no open file of the service',
  memory: 'no memory beyond the limit',
  network: 'no network',
  filter: 'system calls that could break out are refused',
  root: 'a read-only root',
  tmp: 'a small /tmp of its own',
  limits: 'limits that cannot be raised',
  kernel: 'gVisor’s kernel below',
  run: 'a script runs',
};
const MOMENT = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
/** Below this, two clocks may just differ. */
const JUST_NOW_S = 3;
const MINUTE_S = 60;
const LONGEST_IN_SECONDS_S = 90;
const LONGEST_IN_MINUTES_S = 90 * MINUTE_S;

/** One check for people; one of a newer API is shown by its name. */
export function checkText(name: string): string {
  return lookUp(CHECKS, name) ?? name;
}

/** How many checks held, and how long before `nowMs` (milliseconds since 1970) that was found. */
export function selfTestText({ checks, at }: MetadataResponse['selfTest'], nowMs: number): string {
  const held = `${checks.filter(({ passed }) => passed).length} of ${checks.length} held`;
  const ageSeconds = (nowMs - Date.parse(at ?? '')) / 1000;
  return Number.isNaN(ageSeconds) ? held : `${held}, ${ageText(ageSeconds, nowMs)}`;
}

function ageText(seconds: number, nowMs: number): string {
  if (seconds < JUST_NOW_S) return 'just now';
  if (seconds < LONGEST_IN_SECONDS_S) return `${Math.round(seconds)} s ago`;
  if (seconds < LONGEST_IN_MINUTES_S) return `${Math.round(seconds / MINUTE_S)} min ago`;
  return MOMENT.format(nowMs - seconds * 1000);
}
