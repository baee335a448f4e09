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
      failure(() =>
        checkFiles(stdin === null ? null : Buffer.alloc(stdin), sizes.map(file), LIMITS, LIMITS, true),
      );
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

  it('names the limit of a key that has less room than the service', () => {
    const ofKey = { tmpSizeMb: 1 };
    const told = (takesFiles: boolean, size: number): unknown =>
      failure(() => checkFiles(Buffer.alloc(size), [], ofKey, DEFAULT_LIMITS, takesFiles));
    expect(told(true, 1024 * 1024 + 1)).toMatchObject({
      message: expect.stringMatching(/ and the limit of your key is 1048576 bytes$/) as string,
    });
    // A pipe holds no less for it.
    expect(told(false, 65_537)).toMatchObject({
      message: expect.stringMatching(/ and the limit is 65536 bytes$/) as string,
    });
  });

  it('refuses files where runs can write none, and takes standard input that a pipe holds', () => {
    expect(failure(() => checkFiles(null, [file(1)], LIMITS, LIMITS, false))).toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringMatching(/^Field files is not taken here/) as string,
    });
    expect(failure(() => checkFiles(Buffer.alloc(65_536), [], LIMITS, LIMITS, false))).toBeNull();
    expect(failure(() => checkFiles(Buffer.alloc(65_537), [], LIMITS, LIMITS, false))).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
  });
});
