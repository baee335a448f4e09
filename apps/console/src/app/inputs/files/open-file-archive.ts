import { InjectionToken } from '@angular/core';
import type { FileArchive } from './file-archive';

/** Opens the archive; it is loaded when it is needed. */
export const OPEN_FILE_ARCHIVE = new InjectionToken<() => Promise<FileArchive>>('file archive', {
  providedIn: 'root',
  factory: () => async () => (await import('./indexed-db-files')).openIndexedDbFiles(),
});
