import { API_PATHS, STREAM_MEDIA_TYPES } from '@pycell/contracts';
import { eventually } from './harness/eventually';
import { Nginx } from './harness/nginx';
import { startApi, startConsole } from './harness/pycell';
import { runUntil } from './harness/running';
import type { ServiceProcess } from './harness/service-process';
import { onPage } from './harness/visit';

const SLOW =
  'import time\n\ndef main():\n    print("at once")\n    time.sleep(9)\n    return "when it has slept"\n';

describe.each([
  ['as the document says', ''],
  ['that compresses what it can', 'gzip on; gzip_types *; gzip_min_length 0; gzip_proxied any;'],
])('a console behind nginx %s', (_how, settings) => {
  let api: ServiceProcess;
  let server: ServiceProcess;
  let nginx: Nginx;

  beforeAll(async () => {
    // One place and no queue: whether a run goes on is seen by whether another one is let in.
    api = await startApi({ MAX_CONCURRENCY: '1', MAX_QUEUE: '0' });
    server = await startConsole(api);
    nginx = await Nginx.start(server.url, settings);
  });

  afterAll(async () => {
    await nginx.stop();
    await server.stop();
    await api.stop();
  });

  async function statusOfAnotherRun(): Promise<number> {
    const { status } = await fetch(`${api.url}${API_PATHS.execute}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ script: 'def main(): pass' }),
    });
    return status;
  }

  const options = { consoleUrl: () => nginx.url, script: SLOW };

  it(
    'shows output as it comes, and ends the run when one cancels',
    onPage(async (visit) => {
      const { page, pycell } = visit;
      await runUntil(visit, /at once/);
      expect(await statusOfAnotherRun()).toBe(503);
      await page.keyboard.press('Escape');
      await pycell.resultText(/What it had printed by then is kept/);
      await eventually(statusOfAnotherRun, (status) => status === 200, 2_000);
    }, options),
  );

  it(
    'ends the run when the page is left',
    onPage(async (visit) => {
      await runUntil(visit, /at once/);
      expect(await statusOfAnotherRun()).toBe(503);
      await visit.page.goto('about:blank');
      await eventually(statusOfAnotherRun, (status) => status === 200, 2_000);
    }, options),
  );

  it('passes on each line of server-sent events, too', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${nginx.url}/api${API_PATHS.execute}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: STREAM_MEDIA_TYPES.sse },
      body: JSON.stringify({ script: SLOW }),
      signal: leaving.signal,
    });
    expect(response.headers.get('content-type')).toContain(STREAM_MEDIA_TYPES.sse);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('at once')) text += (await reader?.read())?.value ?? '';
    expect(text).toMatch(/^event: ?start\n/);
    expect(await statusOfAnotherRun()).toBe(503);
    leaving.abort();
    await eventually(statusOfAnotherRun, (status) => status === 200, 2_000);
  });

  it('passes on each event of a run in the background', async () => {
    const started = await fetch(`${nginx.url}/api${API_PATHS.executions}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ script: SLOW }),
    });
    const { id } = (await started.json()) as { id: string };
    const execution = `${nginx.url}/api${API_PATHS.executions}/${id}`;
    const response = await fetch(`${execution}/events`, { headers: { Accept: STREAM_MEDIA_TYPES.sse } });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('at once')) text += (await reader?.read())?.value ?? '';
    const { status } = (await (await fetch(execution)).json()) as { status: string };
    expect(status).toBe('running');
    await fetch(execution, { method: 'DELETE' });
    await reader?.cancel();
  });
});
