import { TestBed } from '@angular/core/testing';
import { event, events, ExecutionsServer, json } from '../../testing/executions-server';
import { httpFetch } from '../../testing/http-fetch';
import { ApiAddress } from '../address/api-address';
import { FETCH } from '../browser/fetch';
import { KeyPrompt } from '../keys/key-prompt';
import { KeyStore } from '../keys/key-store';
import { ExecutionsClient, HeardEvents } from './executions-client';
import { RunOutput } from './run-output';

const ID = '0123456789abcdef0123456789abcdef';
const QUEUED = { id: ID, status: 'queued', createdAt: '2026-11-30T06:00:00.000Z' };
const EXECUTION = {
  id: 'e1',
  isolation: 'nsjail',
  durationMs: 1.1,
  timings: { queueMs: 0, policyMs: 0, startMs: 0.1, runMs: 0.6, resultMs: 0.4 },
};
const ERROR = { error: 'No', requestId: 'r' };

describe('ExecutionsClient', () => {
  const server = new ExecutionsServer();
  let apiUrl: string;
  let client: ExecutionsClient;
  let leaving: AbortController;

  beforeAll(async () => {
    apiUrl = await server.start();
  });

  afterAll(() => server.stop());

  beforeEach(() => {
    sessionStorage.clear();
    server.asked.length = 0;
    leaving = new AbortController();
    TestBed.configureTestingModule({
      providers: [
        { provide: FETCH, useValue: httpFetch },
        { provide: ApiAddress, useValue: { current: () => apiUrl, settled: () => Promise.resolve(apiUrl) } },
      ],
    });
    client = TestBed.inject(ExecutionsClient);
  });

  const start = (): Promise<unknown> =>
    client.start(apiUrl, { body: '{"script":"x","inputs":{"n":1.0}}', idempotencyKey: 'k1' }, leaving.signal);
  const find = (): Promise<unknown> => client.find(apiUrl, ID, leaving.signal);

  it('starts with the body as it was made, under a key that names the start', async () => {
    server.on('POST /executions', json(202, QUEUED, { Location: `executions/${ID}` }));
    expect(await start()).toEqual({ kind: 'known', facts: QUEUED, outcome: null });
    expect(server.asked).toMatchObject([
      {
        headers: { 'idempotency-key': 'k1', 'content-type': 'application/json' },
        body: '{"script":"x","inputs":{"n":1.0}}',
      },
    ]);
  });

  it('sends the key that is for this address, with every question', async () => {
    TestBed.inject(KeyStore).keep(apiUrl, 'pycell_k');
    server.on('POST /executions', json(202, QUEUED));
    server.on(`GET /executions/${ID}`, json(200, QUEUED));
    server.on(`DELETE /executions/${ID}`, json(200, { ...QUEUED, status: 'cancelled' }));
    server.on(
      `GET /executions/${ID}/events`,
      events((response) => response.end()),
    );
    await start();
    await find();
    await client.cancel(apiUrl, ID, leaving.signal);
    const listener = { output: new RunOutput(), onStart: () => undefined };
    await client.listen(apiUrl, ID, new HeardEvents(), listener, leaving.signal);
    expect(server.asked.map(({ headers }) => headers['x-api-key'])).toEqual(Array(4).fill('pycell_k'));
  });

  it.each(['NOT_FOUND', 'METHOD_NOT_ALLOWED'])('tells an API without the endpoint: %s', async (code) => {
    server.on('POST /executions', json(code === 'NOT_FOUND' ? 404 : 405, { ...ERROR, code }));
    expect(await start()).toEqual({ kind: 'unsupported' });
  });

  it('tells a full line, a rate and a fault as of any run', async () => {
    server.on(
      'POST /executions',
      json(503, { ...ERROR, code: 'SANDBOX_BUSY' }, { 'Retry-After': '4' }),
      json(429, { ...ERROR, code: 'RATE_LIMITED' }, { 'Retry-After': '9' }),
      json(503, { ...ERROR, code: 'SANDBOX_UNAVAILABLE' }),
      json(200, '<html>'),
    );
    expect(await start()).toMatchObject({ outcome: { kind: 'busy', retryAfterSeconds: 4 } });
    expect(await start()).toMatchObject({ outcome: { kind: 'failed', status: 429, retryAfterSeconds: 9 } });
    expect(await start()).toMatchObject({ outcome: { kind: 'failed', status: 503 } });
    expect(await start()).toMatchObject({ outcome: { kind: 'wrong-api', status: 200 } });
  });

  it('tells that a key is wanted', async () => {
    server.on(`GET /executions/${ID}`, json(401, { ...ERROR, code: 'UNAUTHENTICATED' }));
    expect(await find()).toMatchObject({ kind: 'refused', outcome: { status: 401 } });
    expect(TestBed.inject(KeyPrompt).refusal()).toMatchObject({ code: 'UNAUTHENTICATED', hadKey: false });
  });

  it('hands on the text of a result with every digit', async () => {
    const outcome = `{"result":{"n": 123456789012345678901, "x": 1.0},"stdout":"a\\n","stderr":"","execution":${JSON.stringify(EXECUTION)}}`;
    const facts = { ...QUEUED, status: 'succeeded', endedAt: QUEUED.createdAt, httpStatus: 200 };
    server.on(
      `GET /executions/${ID}`,
      json(200, `${JSON.stringify(facts).slice(0, -1)},"outcome":${outcome}}`),
    );
    expect(await find()).toMatchObject({
      kind: 'known',
      facts,
      outcome: {
        kind: 'succeeded',
        resultText: '{"n": 123456789012345678901, "x": 1.0}',
        stdout: 'a\n',
      },
    });
  });

  it('reads a failure as POST /execute would have answered it', async () => {
    const outcome = { ...ERROR, code: 'SCRIPT_ERROR', line: 2, stdout: 'a' };
    server.on(
      `GET /executions/${ID}`,
      json(200, { ...QUEUED, status: 'failed', endedAt: QUEUED.createdAt, httpStatus: 422, outcome }),
    );
    expect(await find()).toMatchObject({ outcome: { kind: 'failed', status: 422, error: outcome } });
  });

  it('tells what is forgotten from an address that is none', async () => {
    server.on(`GET /executions/${ID}`, json(404, { ...ERROR, code: 'NOT_FOUND' }), json(404, 'Not found'));
    expect(await find()).toEqual({ kind: 'forgotten' });
    expect(await find()).toMatchObject({ kind: 'refused', outcome: { kind: 'wrong-api' } });
  });

  describe('listening', () => {
    const output = (): RunOutput => new RunOutput();

    it('hears output as it comes, and leaves where the outcome begins', async () => {
      let leave = (): void => undefined;
      const left = new Promise<void>((resolve) => (leave = resolve));
      server.on(
        `GET /executions/${ID}/events`,
        events((response) => {
          response.once('close', () => leave());
          response.write(event(1, 'start', { id: ID }) + event(2, 'stdout', { text: 'é\n' }));
          response.write(event(3, 'stderr', { text: 'e' }));
          response.write('id: 4\nevent: result\ndata: {"result":');
        }),
      );
      const into = output();
      const onStart = jest.fn();
      const heard = new HeardEvents();
      expect(await client.listen(apiUrl, ID, heard, { output: into, onStart }, leaving.signal)).toEqual({
        kind: 'ended',
      });
      expect(into.received()).toMatchObject({ stdout: 'é\n', stderr: 'e' });
      expect(onStart).toHaveBeenCalledTimes(1);
      await left;
    });

    it('goes on after a lost connection where it was, and hears nothing twice', async () => {
      server.on(
        `GET /executions/${ID}/events`,
        events((response) =>
          response.write(event(1, 'start', {}) + event(2, 'stdout', { text: 'a' }) + 'id: 3\neve', () =>
            response.destroy(),
          ),
        ),
        events((response) => response.write(event(3, 'stdout', { text: 'b' }) + event(4, 'cancelled', {}))),
      );
      const listener = { output: output(), onStart: () => undefined };
      const heard = new HeardEvents();
      expect(await client.listen(apiUrl, ID, heard, listener, leaving.signal)).toEqual({ kind: 'lost' });
      expect(await client.listen(apiUrl, ID, heard, listener, leaving.signal)).toEqual({ kind: 'ended' });
      expect(server.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2']);
      expect(listener.output.received().stdout).toBe('ab');
    });

    it.each([
      ['what is forgotten', json(404, { ...ERROR, code: 'NOT_FOUND' }), { kind: 'forgotten' }],
      ['an answer that is no stream', json(200, QUEUED), { kind: 'no-stream' }],
      ['a limit', json(429, { ...ERROR, code: 'RATE_LIMITED' }), { kind: 'refused' }],
      ['that nothing more comes', json(204, ''), { kind: 'ended' }],
    ])('tells %s', async (_what, answer, outcome) => {
      server.on(`GET /executions/${ID}/events`, answer);
      const listener = { output: output(), onStart: () => undefined };
      expect(await client.listen(apiUrl, ID, new HeardEvents(), listener, leaving.signal)).toMatchObject(
        outcome,
      );
    });

    it('ends when it is told to', async () => {
      server.on(
        `GET /executions/${ID}/events`,
        events(() => leaving.abort()),
      );
      const listener = { output: output(), onStart: () => undefined };
      expect(await client.listen(apiUrl, ID, new HeardEvents(), listener, leaving.signal)).toEqual({
        kind: 'cancelled',
      });
    });
  });
});
