import { findFreePort, OtherServer, startPathProxy, startStaticHost } from './harness/other-servers';
import { startApi, startConsole } from './harness/pycell';
import type { ServiceProcess } from './harness/service-process';
import { sharedServices } from './harness/shared-services';
import { onPage } from './harness/visit';

const SCRIPT = 'def main():\n    return "from " + "afar"\n';

describe('a console on a static host, below a path, with the API on another origin', () => {
  let host: OtherServer;
  let api: ServiceProcess;

  beforeAll(async () => {
    const port = await findFreePort();
    host = await startStaticHost('/tools/pycell/', JSON.stringify({ apiUrl: `http://127.0.0.1:${port}` }));
    api = await startApi({ PORT: String(port), CORS_ORIGINS: host.url });
  });

  afterAll(async () => {
    await host.stop();
    await api.stop();
  });

  it(
    'loads all of itself from there, and runs scripts',
    onPage(
      async ({ page, pycell }) => {
        const requested: string[] = [];
        page.on('request', (request) => requested.push(request.url()));
        await page.reload();
        await pycell.editorIsReady();
        await pycell.run();
        await pycell.resultText(/from afar/);
        const elsewhere = requested.filter(
          (url) => !url.startsWith(`${host.url}/tools/pycell/`) && !url.startsWith(`${api.url}/`),
        );
        expect(elsewhere).toEqual([]);
      },
      { consoleUrl: () => `${host.url}/tools/pycell`, script: SCRIPT },
    ),
  );

  it(
    'marks what the policy refuses: the parser too comes from there',
    onPage(
      async ({ pycell }) => {
        await pycell.hasMarks({ line: 1, message: 'Dangerous operation detected: import os' });
      },
      { consoleUrl: () => `${host.url}/tools/pycell`, script: 'import os\ndef main(): pass\n' },
    ),
  );
});

describe('a console on a static host that has no settings for it', () => {
  it.each([
    ['since config.json is missing', null],
    ['since it answers everything with a page', '<!doctype html><title>Welcome</title>'],
  ])('%s asks the usual address of the API', async (_why, configuration) => {
    const { apiUrl } = sharedServices();
    const host = await startStaticHost('/', configuration);
    try {
      await onPage(
        async ({ page, context, pycell }) => {
          // Somebody else may have that port here.
          await context.route('http://localhost:8080/**', async (route) => {
            const url = route.request().url().replace('http://localhost:8080', apiUrl);
            const response = await route.fetch({ url });
            const headers = { ...response.headers(), 'access-control-allow-origin': host.url };
            await route.fulfill({ response, headers });
          });
          await pycell.open();
          await page.getByText(/^Python 3\.\d+\.\d+ · /).waitFor();
          await page.getByRole('button', { name: 'Settings', exact: true }).click();
          const address = page.getByRole('textbox', { name: 'Address' });
          expect(await address.inputValue()).toBe('http://localhost:8080');
          await page.keyboard.press('Escape');
          await pycell.run();
          await pycell.resultText(/from afar/);
        },
        { consoleUrl: () => host.url, script: SCRIPT, isOpened: false, expected: [/\b404\b.*config\.json/] },
      )();
    } finally {
      await host.stop();
    }
  });
});

describe('a console behind a proxy that has it below a path', () => {
  it('finds the API below that path too', async () => {
    const proxy = await startPathProxy('/tools/pycell/', sharedServices().consoleUrl);
    try {
      await onPage(
        async ({ page, pycell }) => {
          const asked: string[] = [];
          page.on('request', (request) => asked.push(request.url()));
          await pycell.run();
          await pycell.resultText(/from afar/);
          expect(asked).toContain(`${proxy.url}/tools/pycell/api/execute`);
          await page.getByRole('button', { name: 'Settings', exact: true }).click();
          const address = page.getByRole('textbox', { name: 'Address' });
          expect(await address.inputValue()).toBe('/tools/pycell/api');
        },
        { consoleUrl: () => `${proxy.url}/tools/pycell`, script: SCRIPT },
      )();
    } finally {
      await proxy.stop();
    }
  });
});

describe('an API that cannot be used', () => {
  it('since it does not allow the page by CORS_ORIGINS is told with that name and the origin to put there', async () => {
    const { apiUrl } = sharedServices();
    const host = await startStaticHost('/', JSON.stringify({ apiUrl }));
    try {
      await onPage(
        async ({ pycell, picture }) => {
          await pycell.run();
          const shown = await pycell.resultText(/CORS_ORIGINS/);
          expect(shown).toContain(host.url);
          expect(shown).toContain(apiUrl);
          await picture('cross-origin-refused');
        },
        {
          consoleUrl: () => host.url,
          script: SCRIPT,
          expected: [/blocked by CORS policy/, /net::ERR_FAILED/],
        },
      )();
    } finally {
      await host.stop();
    }
  });

  it('since it has been stopped is told as such, and used again when it is back', async () => {
    const port = String(await findFreePort());
    let api = await startApi({ PORT: port });
    const server = await startConsole(api);
    try {
      await onPage(
        async ({ page, pycell, picture }) => {
          await page.getByText(/^Python 3\.\d+\.\d+ · /).waitFor();
          await api.stop();
          await pycell.run();
          const shown = await pycell.resultText(/No answer/);
          expect(shown).toMatch(/check that it runs/);
          expect(shown).not.toMatch(/\b502\b|SANDBOX_UNAVAILABLE/);
          await page.getByText('API unreachable').waitFor();
          await picture('api-stopped');
          api = await startApi({ PORT: port });
          await pycell.run();
          await pycell.resultText(/from afar/);
          await page.getByText(/^Python 3\.\d+\.\d+ · /).waitFor();
        },
        // The page asks what has become of the API.
        { consoleUrl: () => server.url, script: SCRIPT, expected: [/\b502\b.*\/api\//] },
      )();
    } finally {
      await server.stop();
      await api.stop();
    }
  });

  it('since the console itself has been stopped is told as such', async () => {
    const server = await startConsole({ url: sharedServices().apiUrl });
    try {
      await onPage(
        async ({ page, pycell }) => {
          // The editor's worker is the last that comes.
          await page.waitForLoadState('networkidle');
          await server.stop();
          await pycell.run();
          const shown = await pycell.resultText(/No answer/);
          expect(shown).toMatch(/service that serves this page/);
        },
        { consoleUrl: () => server.url, script: SCRIPT, expected: [/ERR_CONNECTION_REFUSED/] },
      )();
    } finally {
      await server.stop();
    }
  });

  it.each([
    {
      name: 'a page',
      answer: { status: 200, type: 'text/html', body: '<h1>It works!</h1>' },
    },
    {
      name: 'JSON of another kind',
      answer: { status: 200, type: 'application/json', body: '{"result": 42}' },
    },
    {
      name: 'an error of its own',
      answer: { status: 404, type: 'application/json', body: '{"message": "Not Found"}' },
    },
  ])('since something else answers with $name is told as such', async ({ name, answer }) => {
    const other = await OtherServer.start((_request, response) => {
      response.writeHead(answer.status, { 'Content-Type': answer.type }).end(answer.body);
    });
    const server = await startConsole(other);
    try {
      await onPage(
        async ({ page, pycell, picture }) => {
          await page.getByText('Not a pycell API').waitFor();
          await pycell.run();
          const shown = await pycell.resultText(/not the pycell API/);
          expect(shown).toMatch(/Check the address of the API/i);
          expect(shown).not.toContain('It works!');
          await picture(`wrong-api-${name.replaceAll(' ', '-')}`);
        },
        { consoleUrl: () => server.url, script: SCRIPT, expected: [/\b404\b.*\/api\//] },
      )();
    } finally {
      await server.stop();
      await other.stop();
    }
  });
});
