import { TestBed } from '@angular/core/testing';
import { answerOf, clientOf, type FakeAnswer } from '../../testing/api-client';
import { ApiAddress } from '../address/api-address';
import { resolveTarget } from '../address/resolve-target';
import { ApiClient } from './api-client';
import { RunOutput } from './run-output';
import { plainRequest } from './run-request';
import { FETCH } from '../browser/fetch';

const EXECUTION = {
  id: 'e1',
  isolation: 'nsjail',
  durationMs: 1.1,
  timings: { queueMs: 0, policyMs: 0, startMs: 0.1, runMs: 0.6, resultMs: 0.4 },
};

/** Answers nothing until it is aborted. */
function silent(): jest.Mock {
  return jest.fn(
    (_url: URL, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => {
        const abort = (): void => reject(new DOMException('aborted', 'AbortError'));
        if (signal?.aborted) abort();
        signal?.addEventListener('abort', abort);
      }),
  );
}

function execute(answer: FakeAnswer, apiUrl?: string): Promise<unknown> {
  const client = clientOf(jest.fn().mockResolvedValue(answerOf(answer)), apiUrl);
  return client.execute(plainRequest('def main(): pass'), new AbortController().signal, new RunOutput());
}

describe('ApiClient.execute', () => {
  it('sends the script as JSON below the configured address', async () => {
    const fetch = jest.fn().mockResolvedValue(answerOf({ status: 404 }));
    await clientOf(fetch).execute(plainRequest('x = "é"'), new AbortController().signal, new RunOutput());
    const [target, init] = fetch.mock.calls[0] as [URL, RequestInit];
    expect(target.href).toBe('http://localhost/api/execute');
    expect(init).toMatchObject({ method: 'POST', body: '{"script":"x = \\"é\\""}', credentials: 'omit' });
    expect(init.headers).toMatchObject({ Accept: 'application/x-ndjson, application/json;q=0.9' });
  });

  it('hands on the text of a result with every digit', async () => {
    const body = `{"result":{"n": 123456789012345678901, "x": 1.0},"stdout":"a\\n","stderr":"","execution":${JSON.stringify(EXECUTION)}}`;
    expect(await execute({ body })).toEqual({
      kind: 'succeeded',
      resultText: '{"n": 123456789012345678901, "x": 1.0}',
      artifacts: [],
      stdout: 'a\n',
      stderr: '',
      execution: EXECUTION,
    });
  });

  it('tells a refused or failed script with everything the service said about it', async () => {
    const error = { error: 'ZeroDivisionError (line 2)', code: 'SCRIPT_ERROR', requestId: 'r', line: 2 };
    expect(await execute({ status: 422, body: JSON.stringify(error) })).toEqual({
      kind: 'failed',
      status: 422,
      error,
      retryAfterSeconds: null,
    });
  });

  it('passes on an error code that it does not know', async () => {
    const error = { error: 'Slow down', code: 'SOMETHING_NEW', requestId: 'r' };
    expect(
      await execute({ status: 429, headers: { 'Retry-After': '3' }, body: JSON.stringify(error) }),
    ).toEqual({ kind: 'failed', status: 429, error, retryAfterSeconds: 3 });
  });

  it('tells a busy service and when to come back', async () => {
    const error = { error: 'All places are taken', code: 'SANDBOX_BUSY', requestId: 'r' };
    expect(
      await execute({ status: 503, headers: { 'Retry-After': '2' }, body: JSON.stringify(error) }),
    ).toEqual({ kind: 'busy', error, retryAfterSeconds: 2 });
  });

  it.each([
    ['a page', 200, '<!doctype html><title>Hello</title>'],
    ['JSON of another service', 200, '{"status":"ok"}'],
    ['a result without an execution', 200, '{"result":1,"stdout":"","stderr":""}'],
    ['a missing page', 404, 'Not found'],
    ['an error in another shape', 400, '{"message":"oops"}'],
    ['an empty answer', 204, ''],
  ])('tells a service that is not pycell by %s', async (_what, status, body) => {
    expect(await execute({ status, body, headers: { 'Content-Type': 'text/html' } })).toEqual({
      kind: 'wrong-api',
      apiUrl: '/api',
      status,
      contentType: 'text/html',
    });
  });

  it('tells a gateway that cannot reach the API, with its words', async () => {
    const body = JSON.stringify({
      error: 'The API does not answer',
      code: 'SANDBOX_UNAVAILABLE',
      requestId: 'r',
    });
    expect(await execute({ status: 502, body })).toEqual({
      kind: 'unreachable',
      apiUrl: '/api',
      reason: 'gateway',
      detail: 'The API does not answer',
    });
  });

  it.each([
    ['an ingress without a pod that is ready', 503, '<html>503 Service Temporarily Unavailable</html>', '5'],
    ['a platform that has no instance yet', 500, '', null],
    ['a gateway of somebody else', 502, '<html>502 Bad Gateway</html>', null],
    ['a proxy that slows callers down', 429, '{"message":"Too many requests"}', null],
  ])('tells a gateway without the API from another service: %s', async (_what, status, body, retryAfter) => {
    const headers = retryAfter === null ? {} : { 'Retry-After': retryAfter };
    expect(await execute({ status, body, headers })).toEqual({
      kind: 'unreachable',
      apiUrl: '/api',
      reason: 'overloaded',
      detail: '',
      ...(retryAfter !== null && { retryAfterSeconds: Number(retryAfter) }),
    });
  });

  it('tells an address that leads elsewhere: a script may not be sent on', async () => {
    const fetch = jest.fn().mockResolvedValue({ type: 'opaqueredirect' });
    const outcome = await clientOf(fetch).execute(
      plainRequest(''),
      new AbortController().signal,
      new RunOutput(),
    );
    expect(outcome).toMatchObject({ kind: 'unreachable', reason: 'redirected' });
    expect((fetch.mock.calls[0] as [URL, RequestInit])[1]).toMatchObject({ redirect: 'manual' });
  });

  it('tells so too where a browser only says that it did not ask another origin', async () => {
    const fetch = jest.fn((_target: URL, { method }: RequestInit) =>
      method === 'POST'
        ? Promise.reject(new TypeError('Failed to fetch'))
        : Promise.resolve({ type: 'opaqueredirect' }),
    );
    const outcome = await clientOf(fetch, 'http://other.example').execute(
      plainRequest(''),
      new AbortController().signal,
      new RunOutput(),
    );
    expect(outcome).toMatchObject({ apiUrl: 'http://other.example', reason: 'redirected' });
  });

  it('cancels a run that still waits for the address of the API', async () => {
    const fetch = jest.fn();
    TestBed.configureTestingModule({
      providers: [
        { provide: FETCH, useValue: fetch },
        { provide: ApiAddress, useValue: { settled: () => new Promise(() => undefined) } },
      ],
    });
    const controller = new AbortController();
    const outcome = TestBed.inject(ApiClient).execute(plainRequest(''), controller.signal, new RunOutput());
    controller.abort();
    expect(await outcome).toEqual({ kind: 'cancelled' });
    expect(fetch).not.toHaveBeenCalled();
  });

  it.each([
    ['/api', 'network'],
    ['http://other.example:8080', 'cross-origin'],
    ['ftp://other.example', 'bad-address'],
    ['http://', 'bad-address'],
  ])('tells why no answer came from %s', async (apiUrl, reason) => {
    const client = clientOf(jest.fn().mockRejectedValue(new TypeError('Failed to fetch')), apiUrl);
    const outcome = await client.execute(plainRequest(''), new AbortController().signal, new RunOutput());
    expect(outcome).toMatchObject({ kind: 'unreachable', apiUrl, reason });
  });

  it('tells an answer that broke off', async () => {
    const response = {
      ...(answerOf({}) as object),
      text: () => Promise.reject(new TypeError('network error')),
    };
    const client = clientOf(jest.fn().mockResolvedValue(response));
    expect(
      await client.execute(plainRequest(''), new AbortController().signal, new RunOutput()),
    ).toMatchObject({
      reason: 'interrupted',
    });
  });

  it('tells a cancelled run from a failed one', async () => {
    const controller = new AbortController();
    const client = clientOf(
      jest.fn().mockImplementation(() => {
        controller.abort();
        return Promise.reject(new DOMException('aborted', 'AbortError'));
      }),
    );
    expect(await client.execute(plainRequest(''), controller.signal, new RunOutput())).toEqual({
      kind: 'cancelled',
    });
  });
});

describe('ApiClient.metadata', () => {
  const METADATA = {
    name: 'pycell',
    version: '0.1.0',
    isolation: 'nsjail',
    isolationPromises: [],
    limits: { maxScriptSize: 10_000, timeoutSeconds: 10 },
    python: { version: '3.11.7', packages: [] },
    scriptPolicy: { mode: 'enforce', blockedModules: ['os'], blockedNames: [] },
    selfTest: { passed: true, at: null, checks: [] },
  };

  it('asks a candidate address instead of the one in force', async () => {
    const fetch = jest.fn().mockResolvedValue(answerOf({ body: JSON.stringify(METADATA) }));
    const outcome = await clientOf(fetch).metadata(new AbortController().signal, 'http://other.example/py/');
    expect((fetch.mock.calls[0] as [URL])[0].href).toBe('http://other.example/py/');
    expect(outcome).toEqual({ kind: 'described', metadata: METADATA, apiUrl: 'http://other.example/py/' });
  });

  it('tells where a candidate address leads to', async () => {
    const described = answerOf({ body: JSON.stringify(METADATA) });
    const answer = Object.assign(described, { redirected: true, url: 'https://x/py/' });
    const outcome = await clientOf(jest.fn().mockResolvedValue(answer)).metadata(
      new AbortController().signal,
      'http://x',
    );
    expect(outcome).toMatchObject({ kind: 'described', apiUrl: 'https://x/py' });
  });

  it('gives up an API that does not answer', async () => {
    const timeOut = new AbortController();
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(timeOut.signal);
    const outcome = clientOf(silent()).metadata(new AbortController().signal);
    setTimeout(() => timeOut.abort());
    expect(await outcome).toEqual({ kind: 'unreachable', apiUrl: '/api', reason: 'timeout', detail: '' });
    expect(timeout).toHaveBeenCalledWith(8_000);
    timeout.mockRestore();
  });

  it('is cancelled as well', async () => {
    const controller = new AbortController();
    const outcome = clientOf(silent()).metadata(controller.signal);
    setTimeout(() => controller.abort());
    expect(await outcome).toEqual({ kind: 'cancelled' });
  });

  it.each([
    ['no self-test', { selfTest: undefined }],
    ['a self-test without its checks', { selfTest: { passed: true } }],
  ])('does not rely on an answer with %s', async (_what, changes) => {
    const body = JSON.stringify({ ...METADATA, ...changes });
    const client = clientOf(jest.fn().mockResolvedValue(answerOf({ body })));
    expect(await client.metadata(new AbortController().signal)).toMatchObject({ kind: 'wrong-api' });
  });

  it('does not take another service for pycell', async () => {
    const fetch = jest
      .fn()
      .mockResolvedValue(answerOf({ body: JSON.stringify({ ...METADATA, name: 'judge' }) }));
    expect(await clientOf(fetch).metadata(new AbortController().signal)).toMatchObject({ kind: 'wrong-api' });
  });
});

describe('resolveTarget', () => {
  it.each([
    ['/api', 'http://localhost/api/execute'],
    ['/api/', 'http://localhost/api/execute'],
    ['api', 'http://localhost/api/execute'],
    ['http://host:8080', 'http://host:8080/execute'],
    ['https://host/base/?x=1#y', 'https://host/base/execute'],
  ])('puts the path below %s', (apiUrl, expected) => {
    expect(resolveTarget(apiUrl, '/execute')?.href).toBe(expected);
  });
});
