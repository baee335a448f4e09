import { completed, failed } from '../door/outcomes.contract';
import { type PistonAsked, pistonAnswer } from './piston-answer';

const ASKED: PistonAsked = { version: '3.13.1', addedLines: 0, maxCpuMs: null };

const stageOf = (outcome: Parameters<typeof pistonAnswer>[0], asked: Partial<PistonAsked> = {}) =>
  (pistonAnswer(outcome, { ...ASKED, ...asked }).body as { run: object }).run;

describe('pistonAnswer', () => {
  it('tells of a program that came to its end', () => {
    expect(pistonAnswer(completed('out\n', 'err\n'), ASKED)).toEqual({
      status: 200,
      body: {
        language: 'python',
        version: '3.13.1',
        run: {
          signal: null,
          stdout: 'out\n',
          stderr: 'err\n',
          code: 0,
          output: 'out\nerr\n',
          memory: 3_000_000,
          message: null,
          status: null,
          cpu_time: 12,
          wall_time: 13,
        },
      },
    });
  });

  it.each([
    [failed('SCRIPT_ERROR', { traceback: 'T' }), { code: 1, status: 'RE', stderr: 'T\n', output: 'T\n' }],
    [
      failed('SCRIPT_EXITED', { exitCode: 3 }),
      { code: 3, status: 'RE', message: 'Exited with error status 3' },
    ],
    [
      failed('SCRIPT_CRASHED', { signal: 'SIGSEGV' }),
      { code: null, signal: 'SIGSEGV', status: 'SG', message: 'Caught fatal signal 11' },
    ],
    [failed('SCRIPT_CRASHED'), { code: null, signal: null, status: 'SG' }],
    [failed('TIMEOUT'), { code: null, signal: 'SIGKILL', status: 'TO', message: 'Time limit exceeded' }],
    [failed('MEMORY_LIMIT'), { code: null, signal: 'SIGKILL', status: 'SG' }],
    [
      failed('OUTPUT_LIMIT', { stdout: 'aa', stderr: 'b' }),
      { code: null, signal: 'SIGKILL', status: 'OL', message: 'stdout length exceeded' },
    ],
    [
      failed('OUTPUT_LIMIT', { stdout: 'a', stderr: 'bb' }),
      { code: null, signal: 'SIGKILL', status: 'EL', message: 'stderr length exceeded' },
    ],
    [failed('RESULT_NOT_SERIALIZABLE'), { code: 0, signal: null, status: null, message: null }],
  ])('tells of %p', (outcome, expected) => {
    expect(stageOf(outcome)).toMatchObject(expected);
  });

  it('tells that a program took more CPU time than it was given', () => {
    expect(stageOf(completed(), { maxCpuMs: 12 })).toMatchObject({ code: null, status: 'TO' });
    expect(stageOf(completed(), { maxCpuMs: 13 })).toMatchObject({ code: 0, status: null });
  });

  it('names the lines that the author knows', () => {
    const stderr = 'script.py:5: FutureWarning: soon\n';
    const raised = failed('SCRIPT_ERROR', { stderr, traceback: 'File "script.py", line 2, in <module>' });
    expect(stageOf(raised, { addedLines: 1 })).toMatchObject({
      stderr: 'script.py:4: FutureWarning: soon\nFile "script.py", line 1, in <module>\n',
    });
    const untraced = failed('SCRIPT_ERROR', { message: 'ValueError: no (line 2)', line: 2 });
    expect(stageOf(untraced, { addedLines: 1 })).toMatchObject({ stderr: 'ValueError: no (line 1)\n' });
    expect(stageOf(completed('', stderr), { addedLines: 0 })).toMatchObject({ stderr });
  });

  it.each([
    ['SANDBOX_BUSY', 503],
    ['POLICY_VIOLATION', 400],
    ['SCRIPT_TOO_LARGE', 400],
    ['INVALID_REQUEST', 400],
    ['INTERNAL', 500],
  ] as const)('says in the form of Piston that nothing was run: %s', (code, status) => {
    const outcome = failed(code, { retryAfterSeconds: 2 });
    expect(pistonAnswer(outcome, ASKED)).toEqual({
      status,
      body: { message: 'What happened' },
      headers: { 'Retry-After': '2' },
    });
  });
});
