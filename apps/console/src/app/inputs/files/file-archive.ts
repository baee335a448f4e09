import type { AttachedFile, FileContent } from '../../script/run-setup';

/** Where contents of files are kept, by their ids. Everything may reject: a browser can take its storage away. */
export interface FileArchive {
  put(files: readonly AttachedFile[]): Promise<void>;
  read(ids: readonly string[]): Promise<ReadonlyMap<string, FileContent>>;
}
