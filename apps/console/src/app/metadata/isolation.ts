import type { IsolationLevel } from '@pycell/contracts';
import { lookUp } from '../api/look-up';

const TEXTS: Readonly<Record<IsolationLevel, string>> = {
  none: 'none: scripts run with the rights of the service',
  nsjail: 'nsjail, a fork of its own for each run',
  'nsjail-per-run': 'nsjail, a jail of its own for each run',
  gvisor: 'gVisor, a fork of its own for each run',
  'gvisor-per-run': 'gVisor, an interpreter of its own for each run',
};

/** The isolation level for people; a level of a newer API is shown by its name. */
export function isolationText(level: string): string {
  return lookUp(TEXTS, level) ?? level;
}
