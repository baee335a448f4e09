import type { Locator, Page } from 'playwright-core';
import { eventually } from './harness/eventually';
import { findFreePort, OtherServer } from './harness/other-servers';
import { startApi } from './harness/pycell';
import type { ServiceProcess } from './harness/service-process';
import { sharedServices } from './harness/shared-services';
import { onPage } from './harness/visit';

async function openSettings(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Settings' }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.waitFor();
  return settings;
}

async function saveAddress(settings: Locator, address: string): Promise<void> {
  await settings.getByRole('textbox', { name: 'Address' }).fill(address);
  await settings.getByRole('button', { name: 'Check and save' }).click();
}

/** Chromium tells of each request that came to nothing. */
const FAILED_REQUESTS = [/net::ERR_/, /blocked by CORS policy/, /\b404\b/];

describe('the settings', () => {
  it(
    'tell what the API is: version, Python, packages, limits, isolation',
    onPage(async ({ page, picture }) => {
      const settings = await openSettings(page);
      const shown = await eventually(
        () => settings.innerText(),
        (text) => text.includes('pandas'),
      );
      expect(shown).toMatch(/pycell \d+\.\d+\.\d+/);
      expect(shown).toMatch(/Python\s+3\.\d+\.\d+/);
      expect(shown).toMatch(/numpy\s+\d+\.\d+/);
      expect(shown).toMatch(/10,000 characters/);
      expect(shown).toMatch(/512 MB/);
      expect(shown).toMatch(/nsjail|none/);
      await picture('settings');
    }),
  );

  it(
    'tell of the API’s latest self-test how many checks held and when, and on demand what was looked at',
    onPage(async ({ page, picture }) => {
      const isolated = {
        isolation: 'nsjail',
        selfTest: {
          passed: false,
          at: new Date(Date.now() - 20_000).toISOString(),
          checks: [
            { name: 'network', passed: true },
            { name: 'root', passed: false },
          ],
        },
      };
      await page.route(/\/api\/?$/, async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: { ...(await answer.json()), ...isolated } });
      });
      const settings = await openSettings(page);
      const line = settings.getByText(/failed\s*: 1 of 2 held, 2\d s ago/);
      await line.waitFor();
      expect(await settings.getByText('no network', { exact: true }).isVisible()).toBe(false);
      await line.click();
      await settings.getByText('no network', { exact: true }).waitFor();
      await settings.getByText('a read-only root: not held').waitFor();
      await picture('settings-isolation-checks');
      await page.emulateMedia({ colorScheme: 'dark' });
      await picture('settings-isolation-checks-dark');
    }),
  );

  describe('take no address at which no pycell answers: nothing is changed,', () => {
    it.each([
      { name: 'nothing listens there', address: 'http://127.0.0.1:9', says: /No server is listening there/ },
      { name: 'it is no http address', address: 'ftp://example.org', says: /API uses http/ },
      { name: 'the path is wrong', address: '/nowhere', says: /not pycell/ },
    ])('when $name', async ({ name, address, says }) => {
      await onPage(
        async ({ page, pycell, picture }) => {
          const settings = await openSettings(page);
          await saveAddress(settings, address);
          await settings.getByText(says).first().waitFor();
          await settings.getByText('Nothing was changed').waitFor();
          expect(await settings.getByRole('textbox', { name: 'Address' }).getAttribute('aria-invalid')).toBe(
            'true',
          );
          await picture(`settings-${name.replaceAll(' ', '-')}`);
          await page.keyboard.press('Escape');
          await pycell.run();
          await pycell.resultText(/total/);
        },
        { expected: FAILED_REQUESTS },
      )();
    });

    it('when something else answers', async () => {
      const other = await OtherServer.start((_request, response) => {
        response.setHeader('Access-Control-Allow-Origin', '*');
        response.setHeader('Content-Type', 'application/json');
        response.end('{"name": "another service"}');
      });
      try {
        await onPage(async ({ page }) => {
          const settings = await openSettings(page);
          await saveAddress(settings, other.url);
          await settings.getByText(/is not pycell/).waitFor();
          await settings.getByText('Nothing was changed').waitFor();
        })();
      } finally {
        await other.stop();
      }
    });
  });

  describe('with the address of another API', () => {
    let api: ServiceProcess;

    beforeAll(async () => {
      api = await startApi({
        PORT: String(await findFreePort()),
        CORS_ORIGINS: new URL(sharedServices().consoleUrl).origin,
        MAX_SCRIPT_SIZE: '5000',
      });
    });

    afterAll(() => api.stop());

    it(
      'send scripts there, also after a reload, and come back to the default',
      onPage(async ({ page, pycell }) => {
        const asked: string[] = [];
        page.on('request', (request) => asked.push(request.url()));
        let settings = await openSettings(page);
        await saveAddress(settings, api.url);
        await settings.getByText('The address is saved').waitFor();
        await page.keyboard.press('Escape');
        await page.getByText(/\/ 5,000/).waitFor();
        await page.reload();
        await pycell.editorIsReady();
        await page.getByText(/\/ 5,000/).waitFor();
        await pycell.run();
        await pycell.resultText(/total/);
        expect(asked).toContain(`${api.url}/execute`);
        settings = await openSettings(page);
        await settings.getByRole('button', { name: 'Use that' }).click();
        // The button has gone with its reason.
        await settings.locator('input:focus').and(settings.getByLabel('Address')).waitFor();
        await page.keyboard.press('Escape');
        await page.getByText(/\/ 10,000/).waitFor();
        await pycell.run();
        expect(asked).toContain(`${sharedServices().consoleUrl}/api/execute`);
      }),
    );
  });

  it(
    'change theme and font size at once, and keep them',
    onPage(
      async ({ page, pycell, picture }) => {
        const fontSize = (): Promise<string> =>
          page
            .locator('.monaco-editor .view-lines')
            .first()
            .evaluate((lines) => getComputedStyle(lines).fontSize);
        const scheme = (): Promise<string> =>
          page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
        const settings = await openSettings(page);
        await settings.getByRole('radio', { name: 'Dark' }).check();
        await eventually(scheme, (value) => value === 'dark');
        await picture('settings-dark');
        for (let step = 0; step < 4; step += 1) {
          await settings.getByRole('button', { name: 'Larger' }).click();
        }
        await eventually(fontSize, (size) => size === '18px');
        await page.reload();
        await pycell.editorIsReady();
        expect(await scheme()).toBe('dark');
        expect(await fontSize()).toBe('18px');
      },
      { colorScheme: 'light' },
    ),
  );

  it(
    'change the keys that run',
    onPage(async ({ page, pycell }) => {
      const settings = await openSettings(page);
      await settings.getByRole('radio', { name: 'Shift Enter' }).check();
      await page.keyboard.press('Escape');
      await settings.waitFor({ state: 'detached' });
      await pycell.editor.focus();
      await page.keyboard.press('Shift+Enter');
      await pycell.resultText(/total/);
    }),
  );
});
