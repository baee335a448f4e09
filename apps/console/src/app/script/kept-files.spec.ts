import { keptFiles, MAX_KEPT_FILE_BYTES } from './kept-files';
import type { AttachedFile } from './run-setup';

const file = (id: string, sizeBytes: number, text: string | null = ''): AttachedFile => ({
  id,
  name: id,
  sizeBytes,
  content: text === null ? null : { text },
});

describe('the files that are kept', () => {
  it('are as many as fit, in their order', () => {
    const files = [
      file('a', 3),
      file('b', MAX_KEPT_FILE_BYTES),
      file('c', MAX_KEPT_FILE_BYTES - 3),
      file('d', 1),
    ];
    expect(keptFiles(files).map(({ id }) => id)).toEqual(['a', 'c']);
  });

  it('are none whose content is gone', () => {
    expect(keptFiles([file('a', 3, null)])).toEqual([]);
  });
});
