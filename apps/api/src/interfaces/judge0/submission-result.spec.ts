import { DEFAULT_LIMITS } from '@pycell/contracts';
import { completed, failed } from '../door/outcomes.contract';
import { judge0Limits } from './configuration';
import { readSubmission } from './submission';
import { isEnd, resultOf } from './submission-result';

const submissionOf = (more: object = {}) =>
  readSubmission({ source_code: 'x', language_id: 71, ...more }, false, judge0Limits(DEFAULT_LIMITS), {
    min: 32,
    max: 512,
  });

describe('resultOf', () => {
  it('accepts a program that came to its end', () => {
    expect(resultOf(completed('out\n'), submissionOf())).toEqual({
      status: 3,
      stdout: 'out\n',
      stderr: null,
      compile_output: null,
      message: null,
      exit_code: 0,
      exit_signal: null,
      time: '0.012',
      wall_time: '0.013',
      memory: 2_930,
    });
  });

  it.each([
    ['a\nb', 'a\nb\n', 3],
    ['a  \nb\t', 'a\nb', 3],
    ['a\nb\n\n\n', 'a\nb', 3],
    ['', '', 3],
    ['', '\n', 3],
    ['a\nb', 'a b', 4],
    ['a', ' a', 4],
    ['a', '', 4],
    ['a\n\nb', 'a\nb', 4],
    ['a\0\v\f\r\nb', 'a\nb\0', 3],
    ['a\u00a0', 'a', 4],
    ['a\u2003\nb', 'a\nb', 4],
  ])('compares as Judge0 does: expected %p, printed %p', (expected, printed, status) => {
    expect(resultOf(completed(printed), submissionOf({ expected_output: expected })).status).toBe(status);
  });

  it('compares nothing that has failed', () => {
    const submission = submissionOf({ expected_output: 'other' });
    expect(resultOf(failed('SCRIPT_ERROR'), submission).status).toBe(11);
  });

  it.each([
    [
      failed('SCRIPT_ERROR', { traceback: 'T' }),
      { status: 11, exit_code: 1, stderr: 'T\n', message: 'Exited with error status 1' },
    ],
    [
      failed('SYNTAX_ERROR', { traceback: 'S' }),
      { status: 11, exit_code: 1, stderr: 'S\n', compile_output: null },
    ],
    [failed('SCRIPT_EXITED', { exitCode: 3 }), { status: 11, exit_code: 3 }],
    [failed('SCRIPT_EXITED', { exitCode: 0 }), { status: 3, exit_code: 0 }],
    [
      failed('SCRIPT_CRASHED', { signal: 'SIGSEGV' }),
      { status: 7, exit_signal: 11, exit_code: null, message: 'Caught fatal signal 11' },
    ],
    [failed('SCRIPT_CRASHED', { signal: 'SIGXFSZ' }), { status: 8, exit_signal: 25 }],
    [failed('SCRIPT_CRASHED', { signal: 'SIGFPE' }), { status: 9, exit_signal: 8 }],
    [failed('SCRIPT_CRASHED', { signal: 'SIGABRT' }), { status: 10, exit_signal: 6 }],
    [failed('SCRIPT_CRASHED', { signal: 'SIGTERM' }), { status: 12, exit_signal: 15 }],
    [failed('SCRIPT_CRASHED'), { status: 12, exit_signal: null }],
    [
      failed('TIMEOUT', { stdout: 'so far' }),
      { status: 5, stdout: 'so far', message: 'Time limit exceeded' },
    ],
    [failed('MEMORY_LIMIT'), { status: 12, exit_signal: 9, message: 'Memory limit exceeded' }],
    [failed('OUTPUT_LIMIT'), { status: 8, exit_signal: 25, message: 'Output limit exceeded' }],
    [failed('RESULT_TOO_LARGE'), { status: 3, exit_code: 0 }],
    [failed('POLICY_VIOLATION'), { status: 6, compile_output: 'What happened\n', time: null }],
    [failed('SANDBOX_UNAVAILABLE'), { status: 13, message: 'What happened', exit_code: null }],
  ])('has a number of Judge0 for %p', (outcome, expected) => {
    expect(resultOf(outcome, submissionOf())).toMatchObject(expected);
  });

  it('holds a limit of CPU time to what was measured', () => {
    const statusFor = (more: object) => resultOf(completed('x'), submissionOf(more)).status;
    expect(statusFor({ cpu_time_limit: 0.012 })).toBe(5);
    expect(statusFor({ cpu_time_limit: 0.012, cpu_extra_time: 0.001 })).toBe(3);
  });

  it('puts errors behind output where both go to one', () => {
    const submission = submissionOf({ redirect_stderr_to_stdout: true, expected_output: 'out\nerr' });
    expect(resultOf(completed('out\n', 'err\n'), submission)).toMatchObject({
      status: 3,
      stdout: 'out\nerr\n',
      stderr: null,
    });
  });
});

describe('isEnd', () => {
  it('tells ends of submissions from what keeps them from being run', () => {
    expect(isEnd(completed())).toBe(true);
    expect(isEnd(failed('SYNTAX_ERROR'))).toBe(true);
    expect(isEnd(failed('POLICY_VIOLATION'))).toBe(true);
    expect(isEnd(failed('SANDBOX_BUSY'))).toBe(false);
    expect(isEnd(failed('SCRIPT_TOO_LARGE'))).toBe(false);
  });
});
