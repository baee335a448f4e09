import { ERROR_CODES } from '@pycell/contracts';
import { completed, failed } from './outcomes.contract';
import { programReport } from './program-end';

const TRACEBACK = 'Traceback (most recent call last):\n  File "script.py", line 1\nValueError: x';

describe('programReport', () => {
  it('tells what a program left that came to its end, with what was measured', () => {
    expect(programReport(completed('out', 'err'))).toEqual({
      end: { kind: 'exited', code: 0 },
      stdout: 'out',
      stderr: 'err',
      wallMs: 12.9,
      cpuMs: 12.4,
      memoryBytes: 3_000_000,
    });
  });

  it('has the traceback at the end of stderr, on a line of its own', () => {
    const raised = (stderr: string) =>
      programReport(failed('SCRIPT_ERROR', { stderr, traceback: TRACEBACK }))?.stderr;
    expect(raised('')).toBe(`${TRACEBACK}\n`);
    expect(raised('warning')).toBe(`warning\n${TRACEBACK}\n`);
    expect(raised('warning\n')).toBe(`warning\n${TRACEBACK}\n`);
  });

  it.each([
    ['SYNTAX_ERROR', {}, { kind: 'exited', code: 1 }],
    ['SCRIPT_ERROR', {}, { kind: 'exited', code: 1 }],
    ['SCRIPT_EXITED', { exitCode: 7 }, { kind: 'exited', code: 7 }],
    ['SCRIPT_EXITED', { exitCode: 0 }, { kind: 'exited', code: 0 }],
    ['SCRIPT_CRASHED', { signal: 'SIGSEGV' }, { kind: 'crashed', signal: 'SIGSEGV' }],
    ['SCRIPT_CRASHED', {}, { kind: 'crashed', signal: null }],
    ['TIMEOUT', {}, { kind: 'stopped', at: 'time' }],
    ['MEMORY_LIMIT', {}, { kind: 'stopped', at: 'memory' }],
    ['OUTPUT_LIMIT', {}, { kind: 'stopped', at: 'output' }],
    ['RESULT_NOT_SERIALIZABLE', {}, { kind: 'exited', code: 0 }],
    ['RESULT_TOO_LARGE', {}, { kind: 'exited', code: 0 }],
    ['ARTIFACTS_TOO_LARGE', {}, { kind: 'exited', code: 0 }],
  ] as const)('takes %s %p for %p', (code, more, end) => {
    expect(programReport(failed(code, more))?.end).toEqual(end);
  });

  it('says nothing of a value that nobody asked for', () => {
    expect(programReport(failed('RESULT_NOT_SERIALIZABLE', { stderr: 'x' }))?.stderr).toBe('x');
  });

  it('has none where nothing was run', () => {
    const unrun = ERROR_CODES.filter((code) => programReport(failed(code)) === null);
    expect(unrun).toEqual(
      expect.arrayContaining(['POLICY_VIOLATION', 'SCRIPT_TOO_LARGE', 'SANDBOX_BUSY', 'INTERNAL']),
    );
    expect(unrun).not.toContain('SCRIPT_ERROR');
  });
});
