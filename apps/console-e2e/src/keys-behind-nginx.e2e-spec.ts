import { enterKey, KEY, KeyedConsole, runAndBeAsked } from './harness/keyed-console';
import { Nginx } from './harness/nginx';
import { OtherServer } from './harness/other-servers';
import { startConsole } from './harness/pycell';

describe('a console whose API has keys, behind nginx as the document says', () => {
  const keyed = new KeyedConsole();
  let nginx: Nginx;

  beforeAll(async () => {
    nginx = await Nginx.start(keyed.url);
  });

  afterAll(() => nginx.stop());

  it(
    'asks for the key itself: no dialog of the browser comes, and the key arrives',
    keyed.visit(
      async (visit) => {
        // The browser's own dialog would keep the answer from the page.
        const dialog = await runAndBeAsked(visit);
        await enterKey(dialog);
        await visit.pycell.resultText(/total/);
        expect(keyed.runs).toEqual([undefined, KEY]);
      },
      { consoleUrl: () => nginx.url },
    ),
  );

  it('hands on what a refusal tells programs', async () => {
    const { status, headers } = await fetch(`${nginx.url}/api/execute`, { method: 'POST', body: '{}' });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="pycell"');
  });

  it('tells the API who called: whom nginx saw, then nginx, whatever the caller has made up', async () => {
    const seen: unknown[] = [];
    const api = await OtherServer.start(({ headers }, response) => {
      seen.push(headers['x-forwarded-for']);
      response.end('{}');
    });
    const server = await startConsole(api);
    const front = await Nginx.start(server.url);
    try {
      for (const headers of [{}, { 'X-Forwarded-For': '203.0.113.9' }]) {
        await fetch(`${front.url}/api/`, { headers });
      }
      expect(seen).toEqual(['127.0.0.1, 127.0.0.1', '203.0.113.9, 127.0.0.1, 127.0.0.1']);
    } finally {
      await front.stop();
      await server.stop();
      await api.stop();
    }
  });
});
