import type { IsolationLevel } from '@pycell/contracts';
import { lookUp } from '../api/look-up';

const WORDS: Readonly<Record<IsolationLevel, string>> = {
  none: 'none: scripts run with the rights of the service',
  nsjail: 'nsjail, a fork of its own for each run',
  'nsjail-per-run': 'nsjail, a jail of its own for each run',
  gvisor: 'gVisor, a fork of its own for each run',
  'gvisor-per-run': 'gVisor, an interpreter of its own for each run',
};

/** What stands between a run and the host, for people; a level that a newer API has is its own word. */
export function isolationText(level: string): string {
  return lookUp(WORDS, level) ?? level;
}
