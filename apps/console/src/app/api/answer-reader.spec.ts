import { METADATA } from '../../testing/metadata';
import {
  type RawAnswer,
  readExecuteAnswer,
  readKeyRefusal,
  readMetadataAnswer,
  readModulesAnswer,
  readValidateAnswer,
} from './answer-reader';

const EXECUTION = {
  id: 'e1',
  isolation: 'nsjail',
  durationMs: 1.1,
  timings: { queueMs: 0, policyMs: 0, startMs: 0.1, runMs: 0.6, resultMs: 0.4 },
};

function answer(body: string, status = 200): RawAnswer {
  return { apiUrl: '/api', status, contentType: 'application/json', retryAfter: null, hadKey: false, body };
}

describe('an answer to POST /validate', () => {
  const about = (main: string): string =>
    `{"valid":true,"violations":[],"syntaxError":null,"imports":{"known":[],"missing":[]},"main":${main}}`;
  const parameters =
    '{"type":"object","properties":{"n":{"default":1180591620717411303424}},"required":[],"additionalProperties":false}';

  it('hands on the text of the parameters with every digit', () => {
    const main = `{"async":false,"doc":null,"parameters":${parameters}}`;
    expect(readValidateAnswer(answer(about(main)))).toMatchObject({
      kind: 'validated',
      parametersJson: parameters,
    });
    expect(readValidateAnswer(answer(about('null')))).toMatchObject({
      kind: 'validated',
      answer: { main: null },
      parametersJson: null,
    });
  });

  it.each([404, 405])('of status %d comes from a service that has no such question', (status) => {
    expect(readValidateAnswer(answer('{"error":"no","code":"NOT_FOUND"}', status))).toEqual({
      kind: 'unsupported',
    });
  });

  it.each(['<html>', '{}', about('{}')])('is none of ours: %s', (body) => {
    expect(readValidateAnswer(answer(body))).toEqual({ kind: 'unsupported' });
  });

  it.each([429, 502, 503])('of status %d may be another the next time', (status) => {
    expect(readValidateAnswer(answer('', status))).toEqual({ kind: 'unanswered', retryAfterSeconds: null });
  });

  it.each([400, 413])('of status %d is the same the next time', (status) => {
    expect(readValidateAnswer(answer('', status))).toEqual({ kind: 'refused' });
  });
});

describe('an answer about a key', () => {
  const about = (code: string, status: number): RawAnswer =>
    answer(JSON.stringify({ error: 'E', code, requestId: 'r' }), status);

  it.each([
    ['UNAUTHENTICATED', 401],
    ['FORBIDDEN', 403],
  ])('is %s with status %d', (code, status) => {
    const refusal = { apiUrl: '/api', code, message: 'E', hadKey: false };
    expect(readKeyRefusal(about(code, status))).toEqual(refusal);
    expect(readMetadataAnswer(about(code, status))).toEqual({ kind: 'locked', refusal });
    expect(readValidateAnswer(about(code, status))).toEqual({ kind: 'locked' });
    expect(readKeyRefusal({ ...about(code, status), hadKey: true })?.hadKey).toBe(true);
  });

  it.each([
    ['another status', about('UNAUTHENTICATED', 403)],
    ['another code', about('SCRIPT_ERROR', 401)],
    ['a code that every object has', about('constructor', 401)],
    ['a proxy that wants a password', answer('<h1>401 Authorization Required</h1>', 401)],
  ])('is none of a service with %s', (_what, other) => {
    expect(readKeyRefusal(other)).toBeNull();
    expect(readMetadataAnswer(other).kind).toBe('wrong-api');
    expect(readValidateAnswer(other)).toEqual({ kind: 'refused' });
  });

  it.each([
    [undefined, 'described'],
    [{ key: 'shop', places: 2, rate: { requests: 20, seconds: 60 } }, 'described'],
    [{ key: null, places: null, rate: null }, 'described'],
    [{ key: 7, places: null, rate: null }, 'wrong-api'],
    [{ key: null, places: null, rate: {} }, 'wrong-api'],
    [null, 'wrong-api'],
  ])('tells by %j who called', (caller, kind) => {
    expect(readMetadataAnswer(answer(JSON.stringify({ ...METADATA, caller }))).kind).toBe(kind);
  });
});

describe('an answer to GET /modules', () => {
  it.each([
    ['{"modules":["json","os"]}', 200, ['json', 'os']],
    ['{"modules":[7]}', 200, []],
    ['{"modules":7}', 200, null],
    ['<html>', 200, null],
    ['{"error":"no","code":"NOT_FOUND"}', 404, null],
  ])('%s of status %d is %j', (body, status, modules) => {
    expect(readModulesAnswer(answer(body, status))).toEqual(modules);
  });
});

describe('what a script left', () => {
  const file = { name: 'a.png', mediaType: 'image/png', sizeBytes: 1, base64: 'AA==' };
  const artifacts = [file, { name: 7 }, null];

  it('comes with the result', () => {
    const body = { result: 1, stdout: '', stderr: '', artifacts, execution: EXECUTION };
    expect(readExecuteAnswer(answer(JSON.stringify(body)))).toMatchObject({
      kind: 'succeeded',
      artifacts: [file],
    });
  });

  it('comes with an error', () => {
    const body = { error: 'E', code: 'SCRIPT_EXITED', requestId: 'r', exitCode: 3, artifacts };
    expect(readExecuteAnswer(answer(JSON.stringify(body), 422))).toMatchObject({
      kind: 'failed',
      error: { exitCode: 3, artifacts: [file] },
    });
  });

  it('is nothing where an older service tells of none', () => {
    const body = { result: 1, stdout: '', stderr: '', execution: EXECUTION };
    expect(readExecuteAnswer(answer(JSON.stringify(body)))).toMatchObject({ artifacts: [] });
  });
});
