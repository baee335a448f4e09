import { failure, REPORT, success } from '../door/outcome.contract';
import { ragflowBodyOf } from './ragflow-answer';
import { RAGFLOW } from './ragflow.interface';

const answerTo = (outcome: Parameters<typeof ragflowBodyOf>[0]): Record<string, unknown> =>
  JSON.parse(ragflowBodyOf(outcome).toString('utf8')) as Record<string, unknown>;

describe('What RAGFlow is answered', () => {
  it('is what main() returned, printed behind what the script printed, and as it is', () => {
    expect(answerTo(success('{"a":1}', { stdout: 'step\n', stderr: 'hm' }))).toEqual({
      status: 'success',
      stdout: 'step\n{"a":1}\n',
      stderr: 'hm',
      exit_code: 0,
      detail: null,
      time_used_ms: REPORT.durationMs,
      memory_used_kb: 3072,
      resource_limit_type: null,
      unauthorized_access_type: null,
      runtime_error_type: null,
      artifacts: [],
      result: { present: true, value: { a: 1 }, type: 'json' },
    });
  });

  it('has the digits of numbers that JavaScript does not know', () => {
    expect(ragflowBodyOf(success('12345678901234567890')).toString('utf8')).toContain(
      '"value":12345678901234567890,',
    );
  });

  it.each([
    ['"a text\\n"', 'a text\n\n'],
    ['true', 'True\n'],
    ['false', 'False\n'],
    ['null', ''],
    ['1.50', '1.50\n'],
    ['"null"', 'null\n'],
    ['{"ok": true, "none": null, "text": "true"}', '{"ok": True, "none": None, "text": "true"}\n'],
  ])('prints %s as print() does', (result, stdout) => {
    expect(answerTo(success(result))['stdout']).toBe(stdout);
  });

  it('has the result as JSON, however it is printed', () => {
    expect(answerTo(success('[true,null]'))).toMatchObject({
      stdout: '[True,None]\n',
      result: { value: [true, null] },
    });
  });

  it.each([
    ['SCRIPT_ERROR', 'program_error', 1, 'nonzero_exit', null],
    ['SYNTAX_ERROR', 'program_error', 1, 'nonzero_exit', null],
    ['TIMEOUT', 'resource_limit_exceeded', -124, null, 'time'],
    ['MEMORY_LIMIT', 'resource_limit_exceeded', -137, null, 'memory'],
    ['OUTPUT_LIMIT', 'resource_limit_exceeded', -1, null, 'output'],
    ['SANDBOX_BUSY', 'program_runner_error', -10, null, null],
    ['POLICY_VIOLATION', 'program_runner_error', -999, null, null],
  ] as const)('tells %s as %s', (code, status, exitCode, runtime, resource) => {
    const answer = answerTo(failure(code, 'why', { stdout: 'printed before' }));
    expect(answer).toMatchObject({
      status,
      exit_code: exitCode,
      runtime_error_type: runtime,
      resource_limit_type: resource,
      stdout: '',
      stderr: 'why',
      result: null,
    });
  });

  it('tells a signal, and the status that a script asked for', () => {
    expect(answerTo(failure('SCRIPT_CRASHED', 'died', { signal: 'SIGSEGV' }))).toMatchObject({
      exit_code: 139,
      runtime_error_type: 'signalled',
    });
    expect(answerTo(failure('SCRIPT_EXITED', 'exit', { exitCode: 4 }))).toMatchObject({ exit_code: 4 });
    expect(answerTo(failure('SCRIPT_EXITED', 'exit', { exitCode: 0, stdout: 'x' }))).toMatchObject({
      status: 'success',
      exit_code: 0,
      stdout: 'x',
      result: null,
    });
  });

  it('has the files of types that it takes, ten at most, by their last steps', () => {
    const png = { name: 'charts/a.png', contentType: 'image/png', bytes: Buffer.from('png') };
    const other = { name: 'b.bin', contentType: 'application/octet-stream', bytes: Buffer.from('b') };
    const empty = { ...png, name: 'empty.png', bytes: Buffer.alloc(0) };
    expect(answerTo(success('1', { artifacts: [other, empty, png] }))['artifacts']).toEqual([
      { name: 'a.png', mime_type: 'image/png', size: 3, content_b64: 'cG5n' },
    ]);
    const many = Array.from({ length: 12 }, () => png);
    expect(answerTo(success('1', { artifacts: many }))['artifacts']).toHaveLength(10);
  });
});

describe('The errors of the stations, for RAGFlow', () => {
  const errorOf = (code: Parameters<typeof RAGFLOW.errorOf>[0]['code'], httpStatus: number) =>
    RAGFLOW.errorOf({ code, httpStatus, message: 'why', requestId: 'r', path: '/run' });

  it('are those of FastAPI', () => {
    expect(errorOf('UNAUTHENTICATED', 401)).toEqual({ status: 401, body: { detail: 'why' } });
    expect(errorOf('INVALID_REQUEST', 400)).toEqual({
      status: 422,
      body: { detail: [{ type: 'value_error', loc: ['body'], msg: 'why' }] },
    });
  });

  it('have the form of an answer where its own service has it so', () => {
    expect(errorOf('RATE_LIMITED', 429)).toMatchObject({
      status: 429,
      body: { status: 'program_runner_error', stderr: 'why', exit_code: -429, detail: 'why' },
    });
  });
});
