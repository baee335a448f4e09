import type { AttachedFile } from './run-setup';

/** What the browser keeps of the files of one script; larger ones are there as long as the page. */
export const MAX_KEPT_FILE_BYTES = 5 * 1024 * 1024;

/** Those of the files whose contents are kept: in their order, as many as fit. */
export function keptFiles(files: readonly AttachedFile[]): readonly AttachedFile[] {
  let bytes = 0;
  return files.filter(({ content, sizeBytes }) => {
    if (content === null || bytes + sizeBytes > MAX_KEPT_FILE_BYTES) return false;
    bytes += sizeBytes;
    return true;
  });
}
