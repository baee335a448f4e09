import { findFreePort, OtherServer } from './harness/other-servers';
import { startApi, startConsole } from './harness/pycell';
import { sharedServices } from './harness/shared-services';
import { onPage } from './harness/visit';

const SCRIPT = 'def main():\n    return "from " + "afar"\n';
const KNOWN = /^Python 3\.\d+\.\d+ · /;

describe('what the page says of the API', () => {
  it('comes by itself when the API starts after the page was opened', async () => {
    const port = String(await findFreePort());
    const server = await startConsole({ url: `http://127.0.0.1:${port}` });
    try {
      await onPage(
        async ({ page }) => {
          await page.getByText('API unreachable').waitFor();
          const api = await startApi({ PORT: port });
          try {
            await page.getByText(KNOWN).waitFor({ timeout: 20_000 });
          } finally {
            await api.stop();
          }
        },
        { consoleUrl: () => server.url, expected: [/\b502\b.*\/api\//] },
      )();
    } finally {
      await server.stop();
    }
  });

  it(
    'is that it is not ready, where a gateway answers in its place',
    onPage(
      async ({ page, pycell, picture }) => {
        await page.route('**/api/**', (route) =>
          route.fulfill({ status: 503, headers: { 'Retry-After': '3' }, body: '<h1>503 No instance</h1>' }),
        );
        await pycell.open();
        await page.getByText('API not ready').waitFor();
        await pycell.run();
        const shown = await pycell.resultText(/not ready/);
        expect(shown).toMatch(/run it again in 3 seconds/);
        expect(shown).not.toMatch(/503|address/);
        await picture('api-not-ready');
        await page.unroute('**/api/**');
        await pycell.result.getByRole('button', { name: 'Run again' }).click();
        await pycell.resultText(/from afar/);
        await page.getByText(KNOWN).waitFor();
      },
      { isOpened: false, script: SCRIPT, expected: [/\b503\b.*\/api\//] },
    ),
  );

  it(
    'may never come: a run that waits for it can be cancelled',
    onPage(
      async ({ page, pycell }) => {
        await page.route('**/config.json', () => undefined);
        await pycell.open();
        await pycell.runButton.click();
        await pycell.cancelButton.click();
        await pycell.resultText(/Cancelled/);
      },
      { isOpened: false, script: SCRIPT },
    ),
  );
});

describe('an address that leads to another one', () => {
  let moved: OtherServer;

  beforeAll(async () => {
    const { apiUrl, consoleUrl } = sharedServices();
    moved = await OtherServer.start((request, response) => {
      const path = request.url ?? '/';
      response.setHeader('Access-Control-Allow-Origin', new URL(consoleUrl).origin);
      response.setHeader('Access-Control-Allow-Headers', 'content-type');
      if (request.method === 'OPTIONS') response.writeHead(path.startsWith('/old/') ? 302 : 204).end();
      else if (path.startsWith('/old/')) {
        response.writeHead(302, { Location: path.replace('/old/', '/new/') }).end();
      } else {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const body = Buffer.concat(chunks);
          const init = {
            method: request.method ?? 'GET',
            headers: { 'Content-Type': 'application/json' },
            ...(body.length > 0 && { body }),
          };
          void fetch(`${apiUrl}${path.replace('/new', '')}`, init).then(async (answer) => {
            response.writeHead(answer.status, { 'Content-Type': 'application/json' });
            response.end(Buffer.from(await answer.arrayBuffer()));
          });
        });
      }
    });
  });

  afterAll(() => moved.stop());

  it(
    'is not kept: the other one is, and scripts are sent there',
    onPage(
      async ({ page, pycell, picture }) => {
        const asked: string[] = [];
        page.on('request', (request) => asked.push(request.url()));
        await page.getByRole('button', { name: 'Settings', exact: true }).click();
        const settings = page.getByRole('dialog', { name: 'Settings' });
        const address = settings.getByRole('textbox', { name: 'Address' });
        await address.fill(`${moved.url}/old`);
        await settings.getByRole('button', { name: 'Check and save' }).click();
        await settings.getByText('The address you entered redirects to this one, which is saved.').waitFor();
        expect(await address.inputValue()).toBe(`${moved.url}/new`);
        await picture('settings-redirected');
        await page.keyboard.press('Escape');
        await page.getByText(KNOWN).waitFor();
        await pycell.run();
        await pycell.resultText(/from afar/);
        expect(asked).toContain(`${moved.url}/new/execute`);
      },
      { script: SCRIPT },
    ),
  );

  it(
    'is told as such where the page was served with it, and mended by saving it',
    onPage(
      async ({ page, pycell, picture }) => {
        await page.route('**/config.json', (route) =>
          route.fulfill({ json: { apiUrl: `${moved.url}/old` } }),
        );
        await pycell.open();
        await page.getByText('API unreachable').waitFor();
        await pycell.run();
        await pycell.resultText(/redirects to another address/);
        await page.getByRole('button', { name: 'Settings', exact: true }).click();
        const settings = page.getByRole('dialog', { name: 'Settings' });
        await settings.getByText(/redirects to another address/).waitFor();
        await picture('settings-redirecting');
        await settings.getByRole('button', { name: 'Check and save' }).click();
        await settings.getByText('The address you entered redirects to this one').waitFor();
        await page.keyboard.press('Escape');
        await pycell.run();
        await pycell.resultText(/from afar/);
      },
      {
        isOpened: false,
        script: SCRIPT,
        expected: [/blocked by CORS policy/, /net::ERR_FAILED/],
      },
    ),
  );
});
