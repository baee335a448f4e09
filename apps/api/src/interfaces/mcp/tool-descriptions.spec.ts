import { DEFAULT_LIMITS } from '@pycell/contracts';
import { runPythonDescription } from './tool-descriptions';

describe('runPythonDescription', () => {
  it('has the limits and the packages with their versions', () => {
    const text = runPythonDescription({
      pythonVersion: '3.13.5',
      packages: [
        { name: 'numpy', version: '2.3.1' },
        { name: 'pandas', version: '2.3.0' },
      ],
      limits: { ...DEFAULT_LIMITS, maxScriptSize: 200_000 },
    });
    expect(text).toContain('Runs a Python 3.13.5 script');
    expect(text).toContain(
      'Limits: 10 s, 512 MiB of memory, a script of 200000 characters, 1 MiB printed, a result of 4 MiB, files and figures of 8 MiB.',
    );
    expect(text).toContain('numpy 2.3.1, pandas 2.3.0.');
  });

  it('names so many packages and counts the others', () => {
    const packages = Array.from({ length: 70 }, (_, n) => ({ name: `p${n}`, version: '1' }));
    const text = runPythonDescription({ pythonVersion: null, packages, limits: DEFAULT_LIMITS });
    expect(text).toMatch(/p59 1, and 10 more\.$/);
  });
});
