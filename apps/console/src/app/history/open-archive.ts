import { InjectionToken } from '@angular/core';
import type { HistoryArchive } from './history-archive';

/** Opens the archive; it is loaded when it is needed. */
export const OPEN_ARCHIVE = new InjectionToken<() => Promise<HistoryArchive>>('history archive', {
  providedIn: 'root',
  factory: () => async () => (await import('./indexed-db-archive')).openIndexedDbArchive(),
});
