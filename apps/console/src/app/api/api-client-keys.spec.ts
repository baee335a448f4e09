import { TestBed } from '@angular/core/testing';
import { answerOf, clientOf } from '../../testing/api-client';
import { KeyPrompt } from '../keys/key-prompt';
import { KeyStore } from '../keys/key-store';
import { plainRequest } from './run-request';
import { RunOutput } from './run-output';

describe('ApiClient with a key', () => {
  const KEY = 'pycell_k';
  const refused = answerOf({
    status: 401,
    body: '{"error":"No","code":"UNAUTHENTICATED","requestId":"r"}',
  });
  const { signal } = new AbortController();

  /** What was asked, in order, and with which key. */
  const sent = (fetch: jest.Mock): readonly unknown[] =>
    fetch.mock.calls.map(([url, init]: [URL, RequestInit]) => [
      url.href,
      new Headers(init.headers).get('X-API-Key'),
      init.redirect,
    ]);

  beforeEach(() => sessionStorage.clear());

  it('sends it with everything to the address that it is for, and with no redirect', async () => {
    const fetch = jest.fn().mockResolvedValue(answerOf({ status: 404 }));
    const client = clientOf(fetch);
    TestBed.inject(KeyStore).keep('/api', KEY);
    await client.execute(plainRequest(''), signal, new RunOutput());
    await client.validate({ script: '' }, signal);
    await client.metadata(signal);
    await client.modules(signal);
    expect(sent(fetch)).toEqual(
      ['execute', 'validate', '', 'modules'].map((path) => [`http://localhost/api/${path}`, KEY, 'manual']),
    );
    expect(fetch.mock.calls[0]).toMatchObject([{}, { headers: { 'Content-Type': 'application/json' } }]);
  });

  it('sends none to another address, nor to one that is only looked at', async () => {
    const fetch = jest.fn().mockResolvedValue(answerOf({ status: 404 }));
    const client = clientOf(fetch, 'http://other.example');
    TestBed.inject(KeyStore).keep('/api', KEY);
    await client.execute(plainRequest(''), signal, new RunOutput());
    await client.metadata(signal, '/api');
    expect(sent(fetch)).toEqual([
      ['http://other.example/execute', null, 'manual'],
      ['http://localhost/api/', null, 'follow'],
    ]);
  });

  it('tries one without keeping it', async () => {
    const fetch = jest.fn().mockResolvedValue(refused);
    const client = clientOf(fetch);
    expect(await client.tryKey('/api', KEY, signal)).toMatchObject({
      kind: 'locked',
      refusal: { hadKey: true, message: 'No' },
    });
    expect(sent(fetch)).toEqual([['http://localhost/api/', KEY, 'manual']]);
    expect(TestBed.inject(KeyStore).keyFor('/api')).toBeNull();
    expect(TestBed.inject(KeyPrompt).refusal()).toBeNull();
  });

  it.each(['execute', 'validate', 'metadata'] as const)('tells that one is wanted: %s', async (what) => {
    const fetch = jest.fn().mockResolvedValue(refused);
    const client = clientOf(fetch);
    if (what === 'execute') await client.execute(plainRequest(''), signal, new RunOutput());
    if (what === 'validate') await client.validate({ script: '' }, signal);
    if (what === 'metadata') await client.metadata(signal);
    const prompt = TestBed.inject(KeyPrompt);
    expect(prompt.refusal()).toMatchObject({ code: 'UNAUTHENTICATED', hadKey: false });
    fetch.mockResolvedValue(answerOf({ status: 503 }));
    await client.validate({ script: '' }, signal);
    expect(prompt.refusal()).not.toBeNull();
    fetch.mockResolvedValue(answerOf({ status: 200, body: '{}' }));
    await client.validate({ script: '' }, signal);
    expect(prompt.refusal()).toBeNull();
  });
});
