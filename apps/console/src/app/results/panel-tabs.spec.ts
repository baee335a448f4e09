import type { RunOutcome } from '../api/run-outcome';
import { tabAfterRun, tabDuringRun } from './panel-tabs';

const FILE = { name: 'figure-1.png', mediaType: 'image/png', sizeBytes: 1, base64: 'AA==' };

function succeeded(resultText: string, stdout = '', stderr = ''): RunOutcome {
  const timings = { queueMs: 0, policyMs: 0, startMs: 0, runMs: 0, resultMs: 0 };
  const execution = {
    id: 'e',
    isolation: 'nsjail',
    durationMs: 1,
    limits: { timeoutMs: 1, memoryMb: 1 },
    timings,
  } as const;
  return { kind: 'succeeded', resultText, stdout, stderr, artifacts: [], execution };
}

describe('tabAfterRun', () => {
  it('opens the result, or what was printed where nothing was returned', () => {
    expect(tabAfterRun(succeeded('1', 'x'), null)).toBe('result');
    expect(tabAfterRun(succeeded('null', 'x'), null)).toBe('stdout');
    expect(tabAfterRun(succeeded('null', '', 'x'), null)).toBe('stderr');
    expect(tabAfterRun(succeeded('null'), null)).toBe('result');
  });

  it('stays where the user is, as long as something is there', () => {
    expect(tabAfterRun(succeeded('1', 'x'), 'stdout')).toBe('stdout');
    expect(tabAfterRun(succeeded('1'), 'stdout')).toBe('result');
    expect(tabAfterRun(succeeded('null', 'x'), 'result')).toBe('result');
  });

  it('opens what went wrong, wherever the user is', () => {
    expect(tabAfterRun({ kind: 'cancelled' }, 'stdout')).toBe('result');
  });

  it('opens the files of a script that returned nothing, whatever it printed', () => {
    const drawn = { ...succeeded('null', 'x'), artifacts: [FILE] } as RunOutcome;
    expect(tabAfterRun(drawn, null)).toBe('files');
    expect(tabAfterRun(drawn, 'stdout')).toBe('stdout');
    expect(tabAfterRun({ ...succeeded('1'), artifacts: [FILE] } as RunOutcome, null)).toBe('result');
    expect(tabAfterRun({ ...succeeded('1'), artifacts: [FILE] } as RunOutcome, 'files')).toBe('files');
    expect(tabAfterRun(succeeded('null', 'x'), 'files')).toBe('stdout');
  });
});

describe('tabDuringRun', () => {
  it('opens the stream that something comes by, or that the user went to', () => {
    expect(tabDuringRun(['stdout'], null)).toBe('stdout');
    expect(tabDuringRun(['stderr'], 'result')).toBe('stderr');
    expect(tabDuringRun(['stderr'], 'files')).toBe('stderr');
    expect(tabDuringRun(['stdout', 'stderr'], 'stderr')).toBe('stderr');
  });
});
