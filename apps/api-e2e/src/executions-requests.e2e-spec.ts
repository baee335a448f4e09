import { ApiServer } from './harness/api-server';
import { Background } from './harness/background';
import { describeEachBuild } from './harness/jail-support';

const UNKNOWN = '0'.repeat(32);

describeEachBuild('A request for an asynchronous execution', (build) => {
  let server: ApiServer;
  let client: Background;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: build, CORS_ORIGINS: 'https://app.example.org' });
    client = new Background(server.client);
  });

  afterAll(() => server.stop());

  describe('refused at once,', () => {
    it.each([
      ['no JSON', '{', 400, 'INVALID_REQUEST'],
      ['an unknown field', { script: 'x', scirpt: 1 }, 400, 'INVALID_REQUEST'],
      ['limits that are too high', { script: 'x', limits: { timeoutMs: 99_999 } }, 400, 'INVALID_REQUEST'],
      ['a script that is too large', { script: '#'.repeat(10_001) }, 400, 'SCRIPT_TOO_LARGE'],
      ['a callback that is no text', { script: 'x', callbackUrl: 1 }, 400, 'INVALID_REQUEST'],
      [
        'a callback where there are none',
        { script: 'x', callbackUrl: 'https://a.example/' },
        400,
        'INVALID_REQUEST',
      ],
    ])('has %s told to who asks', async (_what, body, status, code) => {
      const answer = await client.post(body);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
    });

    it('says that a service without hosts for callbacks sends none', async () => {
      const { body } = await client.post({ script: 'x', callbackUrl: 'https://a.example/' });
      expect(body.error).toContain('CALLBACK_HOSTS');
    });

    it('wants JSON', async () => {
      const answer = await client.post('{"script":"x"}', { 'Content-Type': 'text/plain' });
      expect([answer.status, answer.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    });
  });

  describe('with an idempotency key,', () => {
    const headers = { 'Idempotency-Key': '7f1b6c1e-order-66' };

    it('is started once, and told again', async () => {
      const body = { script: 'def main(): return 66' };
      const answers = await Promise.all(Array.from({ length: 5 }, () => client.post(body, headers)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(answers.map(({ body: { id } }) => id)).size).toBe(1);
      const other = await client.post({ script: 'def main(): return 67' }, headers);
      expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
      // What was read changes the bytes of large texts, and what is compared are those that came.
      const large = { script: 'def main(): return 1', stdin: 'é\\u00e9\n'.repeat(50_000) };
      const twice = [
        await client.post(large, { 'Idempotency-Key': 'large' }),
        await client.post(large, { 'Idempotency-Key': 'large' }),
      ];
      expect(twice[1]?.body.id).toBe(twice[0]?.body.id);
    });

    it.each([['x'.repeat(256)], ['a b']])('refuses %j', async (key) => {
      const answer = await client.post({ script: 'x' }, { 'Idempotency-Key': key });
      expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_REQUEST']);
    });
  });

  describe('at its addresses,', () => {
    it.each([UNKNOWN, 'x', UNKNOWN.slice(1), `${UNKNOWN}0`, '..%2fhealth', "'%20OR%201"])(
      'is the same 404 for what is not there: %s',
      async (id) => {
        for (const answer of [await client.ask(id), await client.events(id), await client.cancel(id)]) {
          expect(answer.status).toBe(404);
          expect({ ...(answer.body as object), requestId: '' }).toEqual({
            error: expect.stringContaining('There is no such execution') as unknown,
            code: 'NOT_FOUND',
            requestId: '',
          });
        }
        expect((await client.ask(id, 'HEAD')).status).toBe(404);
      },
    );

    it('is told to other methods which there are', async () => {
      const asked = async (path: string, method: string): Promise<unknown> => {
        const { status, headers } = await server.client.send({ method, path });
        return [status, headers.allow];
      };
      expect(await asked('/executions', 'GET')).toEqual([405, 'POST']);
      expect(await asked(`/executions/${UNKNOWN}`, 'PUT')).toEqual([405, 'GET, HEAD, DELETE']);
      expect(await asked(`/executions/${UNKNOWN}/events`, 'DELETE')).toEqual([405, 'GET, HEAD']);
      expect(await asked(`/executions/${UNKNOWN}/eventz`, 'GET')).toEqual([404, undefined]);
    });

    it('may be asked for from the pages that may', async () => {
      const preflight = await server.client.send({
        method: 'OPTIONS',
        path: `/executions/${UNKNOWN}`,
        headers: {
          Origin: 'https://app.example.org',
          'Access-Control-Request-Method': 'DELETE',
          'Access-Control-Request-Headers': 'idempotency-key,last-event-id,x-api-key',
        },
      });
      expect(preflight.headers['access-control-allow-methods']).toContain('DELETE');
      expect(preflight.headers['access-control-allow-headers']).toBe(
        'idempotency-key,last-event-id,x-api-key',
      );
      const { headers } = await client.post(
        { script: 'def main(): return 1' },
        { Origin: 'https://app.example.org' },
      );
      expect(headers['access-control-expose-headers']).toContain('Location');
    });

    it('is found behind a final slash, and its Location holds there', async () => {
      const { headers, body } = await server.client.send<{ id: string }>({
        method: 'POST',
        path: '/executions/',
        headers: { 'Content-Type': 'application/json' },
        body: '{"script":"def main(): return 1"}',
      });
      const { pathname } = new URL(headers.location ?? '', 'http://h/api/executions/');
      expect(pathname).toBe(`/api/executions/${body.id}`);
      expect((await client.ask(`${body.id}/`)).status).toBe(200);
      expect((await client.ask(body.id, 'HEAD')).status).toBe(200);
    });
  });
});
