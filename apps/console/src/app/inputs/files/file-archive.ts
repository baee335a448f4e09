import { InjectionToken } from '@angular/core';
import type { AttachedFile, FileContent } from '../../script/run-setup';

/** Where contents of files are kept, by their ids. Everything may reject: a browser can take its storage away. */
export interface FileArchive {
  put(files: readonly AttachedFile[]): Promise<void>;
  read(ids: readonly string[]): Promise<ReadonlyMap<string, FileContent>>;
}

/** Opens the archive; it is loaded when it is needed. */
export const OPEN_FILE_ARCHIVE = new InjectionToken<() => Promise<FileArchive>>('file archive', {
  providedIn: 'root',
  factory: () => async () => (await import('./indexed-db-files')).openIndexedDbFiles(),
});
