import { InjectionToken } from '@angular/core';
import type { RunsArchive } from './runs-archive';

/** Opens the archive; it is loaded when it is needed. */
export const OPEN_RUNS_ARCHIVE = new InjectionToken<() => Promise<RunsArchive>>('background runs', {
  providedIn: 'root',
  factory: () => async () => (await import('./indexed-db-runs')).openIndexedDbRuns(),
});
