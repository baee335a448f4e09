import { eventually } from './harness/eventually';
import { keptByBrowser, keptByTab } from './harness/kept-by-browser';
import { KeyedApi } from './harness/keyed-api';
import { KEY, keyDialog, KeyedConsole, keyField, runAndBeAsked, runWithKey } from './harness/keyed-console';
import { sharedServices } from './harness/shared-services';

describe('a key that was entered in the console', () => {
  const keyed = new KeyedConsole();

  it(
    'keeps it over a reload, and neither for another tab nor for a later session',
    keyed.visit(async (visit) => {
      const { page, pycell, context } = visit;
      await runWithKey(visit);
      await page.reload();
      await pycell.editorIsReady();
      await page.getByText(/\/ 5,000/).waitFor();
      await pycell.run();
      expect(keyed.runs).toEqual([undefined, KEY, KEY]);
      const other = await context.newPage();
      await other.goto(`${keyed.url}/`);
      await other.getByRole('button', { name: 'Run', exact: true }).click();
      await keyDialog(other).waitFor();
      expect(keyed.runs.at(-1)).toBeUndefined();
      await other.close();
    }),
  );

  it(
    'keeps it nowhere but in the tab: not in what the browser keeps, an address, a link, or what the page says',
    keyed.visit(async (visit) => {
      const { page, log } = visit;
      await runWithKey(visit);
      await page.getByRole('button', { name: 'Copy link' }).click();
      const link = await eventually(
        () => page.evaluate(() => navigator.clipboard.readText()),
        (text) => text.includes('#'),
      );
      // The run is in the history by now.
      const kept = await eventually(
        () => keptByBrowser(page),
        (text) => text.includes('printed'),
      );
      const title = await page.title();
      for (const text of [kept, link, page.url(), title, log.text, await page.content(), keyed.log]) {
        expect(text).not.toContain(KEY);
      }
      const tab = await keptByTab(page);
      expect(tab).toContain(KEY);
    }),
  );

  it(
    'sends it to no other address, and has it again at the one that it was entered for',
    keyed.visit(async (visit) => {
      const { page, pycell } = visit;
      await runWithKey(visit);
      const other = new KeyedApi(sharedServices().apiUrl);
      await other.start();
      try {
        other.reset({ [KEY]: { name: 'elsewhere' } });
        await page.getByRole('button', { name: 'Settings' }).click();
        const settings = page.getByRole('dialog', { name: 'Settings' });
        await settings.getByRole('textbox', { name: 'Address' }).fill(other.url);
        await settings.getByRole('button', { name: 'Check and save' }).click();
        await settings.getByText('The address is saved').waitFor();
        await settings.getByText('No key is used').waitFor();
        await page.keyboard.press('Escape');
        const dialog = await runAndBeAsked(visit);
        await dialog.getByText(other.url).waitFor();
        await page.keyboard.press('Escape');
        await pycell.resultText(/wants a key/);
        await page.reload();
        await pycell.editorIsReady();
        expect(other.asked.length).toBeGreaterThan(3);
        expect(other.asked.filter(({ key }) => key !== undefined)).toEqual([]);
        await page.getByRole('button', { name: 'Settings' }).click();
        await settings.getByRole('button', { name: 'Use that' }).click();
        await settings.getByText('The key shop is used').waitFor();
      } finally {
        await other.stop();
      }
    }),
  );

  it(
    'does not send it along where its API redirects to another',
    keyed.visit(async (visit) => {
      const { page, pycell } = visit;
      await runWithKey(visit);
      const redirects: string[] = [];
      page.on('request', (request) => {
        if (request.redirectedFrom() !== null) redirects.push(request.url());
      });
      await page.route('**/api/**', (route) =>
        route.fulfill({ status: 307, headers: { Location: 'http://127.0.0.1:9/' } }),
      );
      await pycell.run();
      await pycell.resultText(/redirects to another address/);
      expect(redirects).toEqual([]);
    }),
  );

  it(
    'tells in the settings which key is used and what it has, and forgets it there',
    keyed.visit(async (visit) => {
      const { page, picture } = visit;
      await runWithKey(visit);
      await page.getByRole('button', { name: 'Settings' }).click();
      const settings = page.getByRole('dialog', { name: 'Settings' });
      await settings.getByText('The key shop is used').waitFor();
      expect(await settings.innerText()).toMatch(/Places\s+2 runs at once/);
      expect(await settings.innerText()).toMatch(/Rate\s+600 requests in 60 seconds/);
      await picture('key-settings');
      await settings.getByRole('button', { name: 'Forget key' }).click();
      await settings.getByText('No key is used').waitFor();
      await settings.getByRole('button', { name: 'Enter a key' }).and(settings.locator(':focus')).waitFor();
      expect(await keptByTab(page)).not.toContain(KEY);
      await settings.getByRole('button', { name: 'Enter a key' }).click();
      await settings.locator('input:focus').and(keyField(settings)).waitFor();
      await page.keyboard.insertText(KEY);
      await page.keyboard.press('Enter');
      await settings.getByText('The key shop is used').waitFor();
      await page.keyboard.press('Escape');
      await page.getByText(/\/ 5,000/).waitFor();
    }),
  );
});
