import type { Locator, Page } from 'playwright-core';
import { findViolationsInBothThemes } from './harness/accessibility';
import { eventually } from './harness/eventually';
import { keptByBrowser } from './harness/kept-by-browser';
import { KeyedApi } from './harness/keyed-api';
import { startConsole } from './harness/pycell';
import type { ServiceProcess } from './harness/service-process';
import { sharedServices } from './harness/shared-services';
import { onPage, type Visit, type VisitOptions } from './harness/visit';

/** As the service makes them. */
const KEY = `pycell_${'Aa0-_'.repeat(8)}Zz9`;
const OTHER_KEY = `pycell_${'Bb1_-'.repeat(8)}Yy8`;
/** Chromium tells of each request that came to nothing. */
const REFUSED = [/\b401\b/, /\b403\b/];
const PHONE: VisitOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const SCRIPT = 'def main():\n    print("printed")\n    return {"total": 42}\n';

describe('a console whose API has keys', () => {
  const api = new KeyedApi(sharedServices().apiUrl);
  let server: ServiceProcess;

  beforeAll(async () => {
    await api.start();
    server = await startConsole(api);
  });

  beforeEach(() => api.reset({ [KEY]: { name: 'shop', maxScriptSize: 5_000 } }));

  afterAll(async () => {
    await server.stop();
    await api.stop();
  });

  const options: VisitOptions = { consoleUrl: () => server.url, script: SCRIPT, expected: REFUSED };
  const visit = (body: (visit: Visit) => Promise<void>, more: VisitOptions = {}) =>
    onPage(body, { ...options, ...more });

  const dialogOf = (page: Page): Locator => page.getByRole('dialog', { name: 'API key' });
  const fieldOf = (dialog: Locator): Locator => dialog.getByLabel('API key', { exact: true });

  /** The result, which has no role while a dialog is over it. */
  const behindDialog = (page: Page): Locator => page.locator('app-results-panel');

  async function runAndBeAsked({ page, pycell }: Visit): Promise<Locator> {
    await pycell.runButton.click();
    const dialog = dialogOf(page);
    await dialog.waitFor();
    return dialog;
  }

  async function enter(dialog: Locator, key = KEY): Promise<void> {
    await fieldOf(dialog).fill(key);
    await dialog.getByRole('button', { name: 'Use this key' }).click();
  }

  async function runWithKey(visit: Visit): Promise<void> {
    const dialog = await runAndBeAsked(visit);
    await enter(dialog);
    await dialog.waitFor({ state: 'detached' });
    await visit.pycell.resultText(/total/);
  }

  const runs = (): readonly (string | undefined)[] =>
    api.asked.filter(({ path }) => path === '/execute').map(({ key }) => key);

  it(
    'asks for one when a run is refused, runs it then, and tells the limits of the key',
    visit(async (visit) => {
      const { page, pycell, picture } = visit;
      const dialog = await runAndBeAsked(visit);
      await dialog.getByText('The service wants a key').waitFor();
      await dialog.getByText(/^The request names no key/).waitFor();
      // What is behind it is not a result of the run yet.
      expect(await behindDialog(page).innerText()).not.toMatch(/wants a key/);
      await picture('key-asked');
      await enter(dialog);
      await dialog.waitFor({ state: 'detached' });
      await pycell.resultText(/total/);
      expect(runs()).toEqual([undefined, KEY]);
      await page.getByText(/\/ 5,000/).waitFor();
      expect(page.url()).not.toContain('pycell_');
    }),
  );

  it(
    'says that a wrong key is wrong, before anything is run with it, and takes the right one',
    visit(async (visit) => {
      const { page, pycell, picture } = visit;
      const dialog = await runAndBeAsked(visit);
      await enter(dialog, OTHER_KEY);
      await dialog.getByRole('alert').getByText('does not accept the key: The key is not known').waitFor();
      expect(await fieldOf(dialog).getAttribute('aria-invalid')).toBe('true');
      await picture('key-wrong');
      expect(runs()).toEqual([undefined]);
      // The wrong one is selected: what is typed replaces it.
      await page.keyboard.insertText(KEY);
      await page.keyboard.press('Enter');
      await pycell.resultText(/total/);
      expect(runs()).toEqual([undefined, KEY]);
    }),
  );

  it.each([
    ['nothing', '   ', /^Enter the key/],
    ['two words', 'my key', /have no spaces/],
    ['a letter that headers cannot have', 'pycell_é', /this one has “é”/],
    ['an unseen character', 'pycell_\u200b', /an unseen one \(U\+200B\)/],
  ])('sends no key that is %s', async (_what, typed, says) => {
    await visit(async (visit) => {
      const dialog = await runAndBeAsked(visit);
      const before = api.asked.length;
      await enter(dialog, typed);
      await dialog.getByRole('alert').getByText(says).waitFor();
      expect(api.asked.slice(before).filter(({ path }) => path === '/')).toEqual([]);
    })();
  });

  it(
    'takes white space off a key that was copied with some',
    visit(async (visit) => {
      const dialog = await runAndBeAsked(visit);
      await enter(dialog, `  ${KEY}\t`);
      await visit.pycell.resultText(/total/);
      expect(runs()).toEqual([undefined, KEY]);
    }),
  );

  it(
    'keeps it over a reload, and neither for another tab nor for a later session',
    visit(async (visit) => {
      const { page, pycell, context } = visit;
      await runWithKey(visit);
      await page.reload();
      await pycell.editorIsReady();
      await page.getByText(/\/ 5,000/).waitFor();
      await pycell.run();
      expect(runs()).toEqual([undefined, KEY, KEY]);
      const other = await context.newPage();
      await other.goto(`${server.url}/`);
      await other.getByRole('button', { name: 'Run', exact: true }).click();
      await dialogOf(other).waitFor();
      expect(runs().at(-1)).toBeUndefined();
      await other.close();
    }),
  );

  it(
    'keeps it nowhere but in the tab: not in what the browser keeps, an address, a link, or what the page says',
    visit(async (visit) => {
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
      for (const text of [kept, link, page.url(), title, log.text, await page.content(), server.log]) {
        expect(text).not.toContain(KEY);
      }
      const tab = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
      expect(tab).toContain(KEY);
    }),
  );

  it(
    'sends it to no other address, and has it again at the one that it was entered for',
    visit(async (visit) => {
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
    visit(async (visit) => {
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
    visit(async (visit) => {
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
      expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(KEY);
      await settings.getByRole('button', { name: 'Enter a key' }).click();
      await settings.locator('input:focus').and(fieldOf(settings)).waitFor();
      await page.keyboard.insertText(KEY);
      await page.keyboard.press('Enter');
      await settings.getByText('The key shop is used').waitFor();
      await page.keyboard.press('Escape');
      await page.getByText(/\/ 5,000/).waitFor();
    }),
  );

  it(
    'says that a key no longer holds, keeps script and result, and runs again with another',
    visit(async (visit) => {
      const { page, pycell, picture } = visit;
      await runWithKey(visit);
      api.keys = { [KEY]: { refusedBy: 'FORBIDDEN' }, [OTHER_KEY]: { name: 'new' } };
      const dialog = await runAndBeAsked(visit);
      await dialog.getByText('The key may not be used for this').waitFor();
      await dialog.getByText('The key is switched off').waitFor();
      await dialog.getByText(/^Ask whoever runs the service/).waitFor();
      expect(await behindDialog(page).innerText()).toMatch(/total/);
      expect(await pycell.script()).toBe(SCRIPT);
      await picture('key-forbidden');
      await page.keyboard.press('Escape');
      await pycell.resultText(/may not be used for this[^]*Ask whoever runs the service/);
      await picture('key-forbidden-result');
      await page.getByRole('note').getByText('The key may not be used for this').waitFor();
      await pycell.result.getByRole('button', { name: 'Enter a key' }).click();
      await enter(dialog, OTHER_KEY);
      await pycell.resultText(/total/);
      expect(runs()).toEqual([undefined, KEY, KEY, OTHER_KEY]);
      api.keys = {};
      await pycell.runButton.click();
      await dialog.getByText('The service does not accept the key').waitFor();
    }),
  );

  it(
    'says so without a dialog where the page has asked by itself, and describes the API when it has a key',
    visit(
      async ({ page, pycell, picture }) => {
        api.isMetadataLocked = true;
        await pycell.open();
        await page.getByRole('button', { name: /Key needed/ }).waitFor();
        const notice = page.getByRole('note').filter({ hasText: 'The service wants a key' });
        await notice.waitFor();
        expect(await dialogOf(page).count()).toBe(0);
        await picture('key-notice');
        await notice.getByRole('button', { name: 'Enter a key' }).click();
        await enter(dialogOf(page));
        await page.getByRole('button', { name: /Python 3/ }).waitFor();
        await notice.waitFor({ state: 'detached' });
        await page.getByText(/\/ 5,000/).waitFor();
        await pycell.run();
        expect(runs()).toEqual([KEY]);
      },
      { isOpened: false },
    ),
  );

  it(
    'takes the address of an API that tells nothing without a key',
    onPage(
      async ({ page }) => {
        api.isMetadataLocked = true;
        await page.getByRole('button', { name: 'Settings' }).click();
        const settings = page.getByRole('dialog', { name: 'Settings' });
        await settings.getByRole('textbox', { name: 'Address' }).fill(api.url);
        await settings.getByRole('button', { name: 'Check and save' }).click();
        await settings.getByText('The address is saved').waitFor();
        await settings.getByText('The service wants a key').waitFor();
        await settings.getByRole('button', { name: 'Enter a key' }).click();
        await enter(settings);
        await settings.getByText('The key shop is used').waitFor();
      },
      { expected: REFUSED },
    ),
  );

  it(
    'counts the seconds until a caller that asks too often may run again',
    visit(async (visit) => {
      const { pycell, picture } = visit;
      await runWithKey(visit);
      api.keys = { [KEY]: { name: 'shop', isLimitedFor: 3 } };
      await pycell.run();
      const shown = await pycell.resultText(/Too many requests/);
      expect(shown).toMatch(/Wait as long as the answer says/);
      const again = pycell.result.getByRole('button', { name: /^Run again/ });
      expect(await again.innerText()).toMatch(/Run again\s+in [123] s/);
      expect(await again.getAttribute('aria-disabled')).toBe('true');
      await picture('rate-limited');
      const before = runs().length;
      await again.click({ force: true });
      expect(runs()).toHaveLength(before);
      await eventually(
        () => again.innerText(),
        (text) => text.trim() === 'Run again',
      );
      await again.click();
      await pycell.resultText(/total/);
    }),
  );

  it(
    'has a dialog for the keyboard: focus in the field, its reason read with it, what is wrong announced',
    visit(async (visit) => {
      const { page, pycell } = visit;
      await pycell.editor.focus();
      await page.keyboard.press('Control+Enter');
      const dialog = dialogOf(page);
      await dialog.waitFor();
      await page.locator('input:focus').and(fieldOf(dialog)).waitFor();
      const ids = (await fieldOf(dialog).getAttribute('aria-describedby'))?.split(' ') ?? [];
      const words = await Promise.all(ids.map((id) => page.locator(`#${id}`).innerText()));
      expect(words.join(' ')).toMatch(/wants a key[^]*kept in this tab/);
      await page.keyboard.insertText('secret-of-mine');
      expect(await fieldOf(dialog).getAttribute('type')).toBe('password');
      expect(await fieldOf(dialog).getAttribute('autocomplete')).toBe('off');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await fieldOf(dialog).getAttribute('type')).toBe('text');
      await dialog.getByRole('button', { name: 'Hide the key' }).click();
      expect(await fieldOf(dialog).getAttribute('type')).toBe('password');
      await fieldOf(dialog).focus();
      await page.keyboard.press('Enter');
      await dialog
        .getByRole('alert')
        .getByText(/not known/)
        .waitFor();
      await page.locator('input:focus').and(fieldOf(dialog)).waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await eventually(
        () => pycell.editor.evaluate((editor) => editor === document.activeElement),
        (hasFocus) => hasFocus,
      );
    }),
  );

  describe.each([
    ['', {}],
    [' on a phone', PHONE],
  ])('breaks no rule of accessibility%s', (where, more) => {
    it(
      'in the dialog',
      visit(async (visit) => {
        const dialog = await runAndBeAsked(visit);
        await enter(dialog, OTHER_KEY);
        await dialog
          .getByRole('alert')
          .getByText(/not known/)
          .waitFor();
        await visit.picture(`key-dialog${where}-light`.replaceAll(' ', '-'));
        expect(await findViolationsInBothThemes(visit.page)).toEqual([]);
        await visit.picture(`key-dialog${where}-dark`.replaceAll(' ', '-'));
      }, more),
    );

    it(
      'with the notice, and what came of a run',
      visit(async (visit) => {
        await runAndBeAsked(visit);
        await visit.page.keyboard.press('Escape');
        await visit.pycell.resultText(/wants a key/);
        await visit.page.getByRole('note').waitFor();
        await visit.picture(`key-refused${where}-light`.replaceAll(' ', '-'));
        expect(await findViolationsInBothThemes(visit.page)).toEqual([]);
        await visit.picture(`key-refused${where}-dark`.replaceAll(' ', '-'));
      }, more),
    );

    it(
      'in the settings',
      visit(async (visit) => {
        const { page } = visit;
        await runWithKey(visit);
        api.keys = {};
        await page.getByRole('button', { name: 'Settings' }).click();
        const settings = page.getByRole('dialog', { name: 'Settings' });
        await settings.getByText('does not accept the key').waitFor();
        await settings.getByRole('button', { name: 'Use another key' }).click();
        await visit.picture(`key-settings-refused${where}-light`.replaceAll(' ', '-'));
        expect(await findViolationsInBothThemes(page)).toEqual([]);
        await visit.picture(`key-settings-refused${where}-dark`.replaceAll(' ', '-'));
      }, more),
    );
  });
});
