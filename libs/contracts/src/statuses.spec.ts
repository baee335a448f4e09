import { codesBy, ERROR_CODES, STATUSES } from './statuses';

describe('STATUSES', () => {
  it('has an error status for every code', () => {
    const statuses: number[] = ERROR_CODES.map((code) => STATUSES[code].http);
    expect(Math.min(...statuses)).toBeGreaterThanOrEqual(400);
  });

  it('has a title, a meaning and advice for every code', () => {
    for (const code of ERROR_CODES) {
      const { title, meaning, advice } = STATUSES[code];
      expect([title, meaning, advice].filter((text) => text.trim() === '')).toEqual([]);
    }
  });

  it('lets clients retry exactly what is answered with 429 and 503', () => {
    for (const code of ERROR_CODES) {
      expect({ code, retryable: STATUSES[code].retryable }).toEqual({
        code,
        retryable: [429, 503].includes(STATUSES[code].http),
      });
    }
  });
});

describe('codesBy', () => {
  it('lists the codes that a run may tell of itself', () => {
    expect(codesBy('run')).toEqual([
      'SYNTAX_ERROR',
      'MAIN_MISSING',
      'INVALID_INPUTS',
      'SCRIPT_ERROR',
      'SCRIPT_EXITED',
      'MEMORY_LIMIT',
      'RESULT_TOO_LARGE',
      'ARTIFACTS_TOO_LARGE',
      'RESULT_NOT_SERIALIZABLE',
    ]);
  });

  it('lists the codes that only the supervisor can know', () => {
    expect(codesBy('supervisor')).toEqual(['SCRIPT_EXITED', 'SCRIPT_CRASHED', 'TIMEOUT', 'OUTPUT_LIMIT']);
  });
});
