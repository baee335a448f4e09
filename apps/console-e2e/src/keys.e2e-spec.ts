import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { eventually } from './harness/eventually';
import { keptByBrowser } from './harness/kept-by-browser';
import { startApi, startConsole } from './harness/pycell';
import type { ServiceProcess } from './harness/service-process';
import { onPage, type VisitOptions } from './harness/visit';

const newKey = (): string => `pycell_${randomBytes(32).toString('base64url')}`;
const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');

const KEY = newKey();
const SLOW_KEY = newKey();
const SCRIPT = 'def main():\n    return {"total": 42}\n';

/** What `asking-for-keys.e2e-spec.ts` tries with an API of the test's own: here with ours. */
describe('a console in front of an API with a file of keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pycell-keys-'));
  const file = join(folder, 'keys.json');
  let api: ServiceProcess;
  let server: ServiceProcess;

  /** At once, as an editor or a secret that is mounted does it. */
  function writeKeys(changes: object = {}): void {
    const keys = [
      { name: 'me', sha256: [sha256(KEY)], scriptSize: 5_000, places: 1, ...changes },
      { name: 'slow', sha256: [sha256(SLOW_KEY)], rate: { requests: 2, seconds: 20 } },
    ];
    writeFileSync(`${file}.new`, JSON.stringify({ keys }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  beforeAll(async () => {
    writeKeys();
    api = await startApi({ API_KEYS_FILE: file, METADATA_ACCESS: 'key' });
    server = await startConsole(api);
  });

  afterAll(async () => {
    await server.stop();
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  const options: VisitOptions = {
    consoleUrl: () => server.url,
    script: SCRIPT,
    expected: [/\b401\b/, /\b403\b/, /\b429\b/],
  };

  const dialogOf = (page: Page): Locator => page.getByRole('dialog', { name: 'API key' });

  async function enter(page: Page, key: string): Promise<void> {
    const dialog = dialogOf(page);
    await dialog.getByLabel('API key', { exact: true }).fill(key);
    await dialog.getByRole('button', { name: 'Use this key' }).click();
  }

  it(
    'asks for one, refuses a wrong one, and runs with the right one, whose name and limits it tells',
    onPage(async ({ page, pycell, picture }) => {
      await page.getByRole('button', { name: /Key needed/ }).waitFor();
      await pycell.runButton.click();
      await enter(page, newKey());
      await dialogOf(page).getByRole('alert').getByText('does not accept the key').waitFor();
      await enter(page, KEY);
      await pycell.resultText(/total/);
      await page.getByText(/\/ 5,000/).waitFor();
      await page.getByRole('button', { name: 'Settings' }).click();
      const settings = page.getByRole('dialog', { name: 'Settings' });
      await settings.getByText('The key me is used').waitFor();
      expect(await settings.innerText()).toMatch(/Places\s+1 run at once/);
      await picture('key-of-the-service');
      for (const text of [await keptByBrowser(page), api.log, server.log]) expect(text).not.toContain(KEY);
    }, options),
  );

  it(
    'asks again when the key has been switched off, and goes on when it is on again',
    onPage(async ({ page, pycell }) => {
      await pycell.runButton.click();
      await enter(page, KEY);
      await pycell.resultText(/total/);
      writeKeys({ disabled: true });
      try {
        await eventually(
          async () => (await fetch(api.url, { headers: { 'X-API-Key': KEY } })).status,
          (status) => status === 403,
        );
        await pycell.runButton.click();
        await dialogOf(page).getByText('The key may not be used for this').waitFor();
      } finally {
        writeKeys();
      }
      await eventually(
        async () => (await fetch(api.url, { headers: { 'X-API-Key': KEY } })).status,
        (status) => status === 200,
      );
      await enter(page, KEY);
      await pycell.resultText(/total/);
    }, options),
  );

  it(
    'counts down when the rate of the key is used up',
    onPage(async ({ page, pycell }) => {
      await pycell.runButton.click();
      await enter(page, SLOW_KEY);
      await pycell.resultText(/total/);
      // What the page asks about the script is counted as well.
      await eventually(
        async () => {
          await pycell.run();
          return pycell.result.innerText();
        },
        (text) => text.includes('Too many requests'),
      );
      const again = pycell.result.getByRole('button', { name: /^Run again/ });
      expect(await again.innerText()).toMatch(/in \d+ s/);
    }, options),
  );
});
