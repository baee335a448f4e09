import { DEFAULT_LIMITS } from '@pycell/contracts';
import { checkFiles } from './file-check';

const LIMITS = { ...DEFAULT_LIMITS, tmpSizeMb: 1 };
const file = (size: number) => ({ name: 'a', bytes: Buffer.alloc(size) });
const failure = (act: () => void): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return null;
};

describe('checkFiles', () => {
  it('takes what fits, counted in pages', () => {
    const all = (sizes: number[], stdin: number | null = null): unknown =>
      failure(() => checkFiles(stdin === null ? null : Buffer.alloc(stdin), sizes.map(file), LIMITS, true));
    expect(all([1024 * 1024])).toBeNull();
    expect(all([1024 * 1024 - 4096, 1])).toBeNull();
    expect(all([1024 * 1024 - 4096], 4096)).toBeNull();
    expect(all([1024 * 1024, 0])).toBeNull();
    expect(all([1024 * 1024, 1])).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      message: expect.stringMatching(
        /files and stdin take 1052672 bytes.*TMP_SIZE_MB, 1048576 bytes/,
      ) as string,
    });
    expect(all([1024 * 1024 - 4095], 4096)).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('refuses files where runs can write none, and takes standard input that a pipe holds', () => {
    expect(failure(() => checkFiles(null, [file(1)], LIMITS, false))).toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringMatching(/^Field files is not taken here/) as string,
    });
    expect(failure(() => checkFiles(Buffer.alloc(65_536), [], LIMITS, false))).toBeNull();
    expect(failure(() => checkFiles(Buffer.alloc(65_537), [], LIMITS, false))).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
  });
});
