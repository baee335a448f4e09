import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { API_PATHS } from '@pycell/contracts';
import { eventually } from './harness/eventually';
import { launchApi, READY_TIMEOUT_MS, startConsole } from './harness/pycell';
import type { ServiceProcess } from './harness/service-process';

/** Asks as if by a name that leads to this machine. */
function ask(
  { url }: ServiceProcess,
  path: string,
  { host, script }: { host: string; script?: string },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, url),
      {
        method: script === undefined ? 'GET' : 'POST',
        headers: { Host: host, 'Content-Type': 'application/json' },
        agent: false,
      },
      (response) => {
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      },
    );
    sent.once('error', reject);
    sent.end(script === undefined ? undefined : JSON.stringify({ script }));
  });
}

describe('a console and an API that go by one name, in ALLOWED_HOSTS', () => {
  const environment = { ALLOWED_HOSTS: 'dev.example' };
  let api: ServiceProcess;
  let server: ServiceProcess;

  beforeAll(async () => {
    api = await launchApi(environment);
    await eventually(
      () => ask(api, API_PATHS.ready, { host: 'dev.example' }),
      ({ status }) => status === 200,
      READY_TIMEOUT_MS,
    );
    server = await startConsole(api, environment);
  });

  afterAll(async () => {
    await server.stop();
    await api.stop();
  });

  it('serve the page and run scripts by that name', async () => {
    const host = 'dev.example:3000';
    expect((await ask(server, '/', { host })).status).toBe(200);
    expect((await ask(server, '/api/', { host })).status).toBe(200);
    const { status, body } = await ask(server, '/api/execute', {
      host,
      script: 'def main():\n    return "by name"\n',
    });
    expect(status).toBe(200);
    expect(body).toContain('"by name"');
  });

  it.each(['evil.example', 'localhost'])('refuse %s', async (host) => {
    for (const path of ['/', '/api/']) {
      const { status, body } = await ask(server, path, { host });
      expect(status).toBe(400);
      expect(body).toContain('ALLOWED_HOSTS');
    }
  });
});
