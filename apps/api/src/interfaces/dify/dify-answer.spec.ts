import { failure, success } from '../door/outcome.contract';
import { difyAnswerOf } from './dify-answer';
import { DIFY } from './dify.interface';

const dataOf = (outcome: Parameters<typeof difyAnswerOf>[0]): unknown => difyAnswerOf(outcome).body.data;

describe('What Dify is answered', () => {
  it('is what a script printed, and no error for one that came to its end', () => {
    expect(
      difyAnswerOf(success('null', { stdout: '<<RESULT>>{}<<RESULT>>\n', stderr: 'a warning\n' })),
    ).toEqual({
      status: 200,
      body: {
        code: 0,
        message: 'success',
        data: { stdout: '<<RESULT>>{}<<RESULT>>\n', stderr: 'a warning\n', error: '', exit_code: 0 },
      },
    });
  });

  it('is a success with an error for a script that failed: what it said, then its traceback and what to do', () => {
    const outcome = failure('SCRIPT_ERROR', 'ValueError: no', {
      stdout: 'so far',
      stderr: 'looking',
      traceback: 'Traceback\nValueError: no',
      hint: 'Do this.',
    });
    expect(dataOf(outcome)).toEqual({
      stdout: 'so far',
      stderr: 'looking',
      error: 'looking\nTraceback\nValueError: no\nDo this.',
      exit_code: 1,
    });
  });

  it.each([
    ['of a statement', ', in <module>\n    import nothing'],
    ['of its syntax', '\n    x = (\n        ^'],
  ])('leaves out what executes a preload, in a traceback %s', (_of, rest) => {
    const preload = `  File "preload.py", line 2${rest}\nError: no`;
    const ours =
      '  File "script.py", line 1, in <module>\n    exec(compile("x = 1\\n", "preload.py"))\n    ~~~~^^^\n';
    const traceback = `Traceback (most recent call last):\n${ours}${preload}`;
    expect(dataOf(failure('SCRIPT_ERROR', '', { traceback }))).toMatchObject({
      error: `Traceback (most recent call last):\n${preload}`,
    });
    const called = `Traceback (most recent call last):\n  File "script.py", line 5, in <module>\n    f()\n  File "preload.py", line 2, in f\n`;
    expect(dataOf(failure('SCRIPT_ERROR', '', { traceback: called }))).toMatchObject({ error: called });
  });

  it('never has an empty error for what failed', () => {
    expect(dataOf(failure('TIMEOUT', 'The script took longer than 10 s'))).toMatchObject({
      error: 'The script took longer than 10 s',
      exit_code: 1,
    });
  });

  it('has the exit code that the script asked for, and no error for 0', () => {
    expect(dataOf(failure('SCRIPT_EXITED', 'exit', { exitCode: 3 }))).toMatchObject({
      exit_code: 3,
      error: 'exit',
    });
    expect(dataOf(failure('SCRIPT_EXITED', 'exit', { exitCode: 0, stdout: 'x' }))).toMatchObject({
      exit_code: 0,
      error: '',
      stdout: 'x',
    });
  });

  it('tells a signal as a shell does', () => {
    expect(dataOf(failure('SCRIPT_CRASHED', 'died', { signal: 'SIGSEGV' }))).toMatchObject({
      exit_code: 139,
    });
  });

  it.each([
    ['SANDBOX_BUSY', 503, -503],
    ['SANDBOX_UNAVAILABLE', 503, -503],
    ['INTERNAL', 500, -500],
    ['SCRIPT_TOO_LARGE', 200, -400],
  ] as const)('is no success for %s', (code, status, number) => {
    expect(difyAnswerOf(failure(code, 'why'))).toEqual({
      status,
      body: { code: number, message: 'why', data: null },
    });
  });
});

describe('The errors of the stations, for Dify', () => {
  const errorOf = (code: Parameters<typeof DIFY.errorOf>[0]['code'], httpStatus: number) =>
    DIFY.errorOf({ code, httpStatus, message: 'why', requestId: 'r', path: '/v1/sandbox/run' });

  it('have a status where its client says more by that than by a message', () => {
    expect(errorOf('UNAUTHENTICATED', 401)).toEqual({
      status: 401,
      body: { code: -401, message: 'why', data: null },
    });
    expect(errorOf('RATE_LIMITED', 429).status).toBe(429);
  });

  it('are shown where the request is wrong', () => {
    expect(errorOf('INVALID_REQUEST', 400)).toEqual({
      status: 200,
      body: { code: -400, message: 'why', data: null },
    });
  });
});
