import { InjectionToken, signal } from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import type { StreamName } from '../api/run-output';
import { artifactsOf } from '../outcomes/left-artifacts';

/** The views of an outcome. */
export type PanelTab = 'result' | 'files' | 'stdout' | 'stderr';

/** The tab that the user went to by hand: the next outcome opens there as well, where that has something to show. */
export const CHOSEN_TAB = new InjectionToken('chosen tab', {
  providedIn: 'root',
  factory: () => signal<PanelTab | null>(null),
});

/** Which view to open while a script prints: what the user chose, else where something comes. */
export function tabDuringRun(written: readonly StreamName[], chosen: PanelTab | null): PanelTab {
  return chosen === 'stdout' || chosen === 'stderr' ? chosen : (written[0] ?? 'stdout');
}

/**
 * Which view to open after a run: what went wrong first, else the view that the user chose as long as something is in
 * it, else the result, else what the script left, else what was printed.
 *
 * @param chosen the view that the user went to by hand, if any
 */
export function tabAfterRun(outcome: RunOutcome, chosen: PanelTab | null): PanelTab {
  if (outcome.kind !== 'succeeded') return 'result';
  if (chosen === 'result') return chosen;
  const hasFiles = artifactsOf(outcome).length > 0;
  if (chosen && (chosen === 'files' ? hasFiles : outcome[chosen] !== '')) return chosen;
  if (outcome.resultText !== 'null') return 'result';
  if (hasFiles) return 'files';
  if (outcome.stdout !== '') return 'stdout';
  return outcome.stderr === '' ? 'result' : 'stderr';
}
