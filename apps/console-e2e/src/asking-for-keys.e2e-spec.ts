import { findViolationsInBothThemes } from './harness/accessibility';
import { eventually } from './harness/eventually';
import {
  behindDialog,
  enterKey,
  KEY,
  keyDialog,
  KeyedConsole,
  keyField,
  OTHER_KEY,
  REFUSED,
  runAndBeAsked,
  runWithKey,
} from './harness/keyed-console';
import { onPage, type VisitOptions } from './harness/visit';

const PHONE: VisitOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

describe('a console whose API has keys', () => {
  const keyed = new KeyedConsole();

  it(
    'asks for one when a run is refused, runs it then, and tells the limits of the key',
    keyed.visit(async (visit) => {
      const { page, pycell, picture } = visit;
      const dialog = await runAndBeAsked(visit);
      await dialog.getByText('The service wants a key').waitFor();
      await dialog.getByText(/^The request names no key/).waitFor();
      // What is behind it is not a result of the run yet.
      expect(await behindDialog(page).innerText()).not.toMatch(/wants a key/);
      await picture('key-asked');
      await enterKey(dialog);
      await dialog.waitFor({ state: 'detached' });
      await pycell.resultText(/total/);
      expect(keyed.runs).toEqual([undefined, KEY]);
      await page.getByText(/\/ 5,000/).waitFor();
      expect(page.url()).not.toContain('pycell_');
    }),
  );

  it(
    'says that a wrong key is wrong, before anything is run with it, and takes the right one',
    keyed.visit(async (visit) => {
      const { page, pycell, picture } = visit;
      const dialog = await runAndBeAsked(visit);
      await enterKey(dialog, OTHER_KEY);
      await dialog.getByRole('alert').getByText('does not accept the key: The key is not known').waitFor();
      expect(await keyField(dialog).getAttribute('aria-invalid')).toBe('true');
      await picture('key-wrong');
      expect(keyed.runs).toEqual([undefined]);
      // The wrong one is selected: what is typed replaces it.
      await page.keyboard.insertText(KEY);
      await page.keyboard.press('Enter');
      await pycell.resultText(/total/);
      expect(keyed.runs).toEqual([undefined, KEY]);
    }),
  );

  it.each([
    ['nothing', '   ', /^Enter the key/],
    ['two words', 'my key', /have no spaces/],
    ['a letter that headers cannot have', 'pycell_é', /this one has “é”/],
    ['an unseen character', 'pycell_\u200b', /an unseen one \(U\+200B\)/],
  ])('sends no key that is %s', async (_what, typed, says) => {
    await keyed.visit(async (visit) => {
      const dialog = await runAndBeAsked(visit);
      const before = keyed.api.asked.length;
      await enterKey(dialog, typed);
      await dialog.getByRole('alert').getByText(says).waitFor();
      expect(keyed.api.asked.slice(before).filter(({ path }) => path === '/')).toEqual([]);
    })();
  });

  it(
    'takes white space off a key that was copied with some',
    keyed.visit(async (visit) => {
      const dialog = await runAndBeAsked(visit);
      await enterKey(dialog, `  ${KEY}\t`);
      await visit.pycell.resultText(/total/);
      expect(keyed.runs).toEqual([undefined, KEY]);
    }),
  );

  it(
    'says so without a dialog where the page has asked by itself, and describes the API when it has a key',
    keyed.visit(
      async ({ page, pycell, picture }) => {
        keyed.api.isMetadataLocked = true;
        await pycell.open();
        await page.getByRole('button', { name: /Key needed/ }).waitFor();
        const notice = page.getByRole('note').filter({ hasText: 'The service wants a key' });
        await notice.waitFor();
        expect(await keyDialog(page).count()).toBe(0);
        await picture('key-notice');
        await notice.getByRole('button', { name: 'Enter a key' }).click();
        await enterKey(keyDialog(page));
        await page.getByRole('button', { name: /Python 3/ }).waitFor();
        await notice.waitFor({ state: 'detached' });
        await page.getByText(/\/ 5,000/).waitFor();
        await pycell.run();
        expect(keyed.runs).toEqual([KEY]);
      },
      { isOpened: false },
    ),
  );

  it(
    'takes the address of an API that tells nothing without a key',
    onPage(
      async ({ page }) => {
        keyed.api.isMetadataLocked = true;
        await page.getByRole('button', { name: 'Settings' }).click();
        const settings = page.getByRole('dialog', { name: 'Settings' });
        await settings.getByRole('textbox', { name: 'Address' }).fill(keyed.api.url);
        await settings.getByRole('button', { name: 'Check and save' }).click();
        await settings.getByText('The address is saved').waitFor();
        await settings.getByText('The service wants a key').waitFor();
        await settings.getByRole('button', { name: 'Enter a key' }).click();
        await enterKey(settings);
        await settings.getByText('The key shop is used').waitFor();
      },
      { expected: REFUSED },
    ),
  );

  it(
    'has a dialog for the keyboard: focus in the field, its reason read with it, what is wrong announced',
    keyed.visit(async (visit) => {
      const { page, pycell } = visit;
      await pycell.editor.focus();
      await page.keyboard.press('Control+Enter');
      const dialog = keyDialog(page);
      await dialog.waitFor();
      await page.locator('input:focus').and(keyField(dialog)).waitFor();
      const ids = (await keyField(dialog).getAttribute('aria-describedby'))?.split(' ') ?? [];
      const words = await Promise.all(ids.map((id) => page.locator(`#${id}`).innerText()));
      expect(words.join(' ')).toMatch(/wants a key[^]*kept in this tab/);
      await page.keyboard.insertText('secret-of-mine');
      expect(await keyField(dialog).getAttribute('type')).toBe('password');
      expect(await keyField(dialog).getAttribute('autocomplete')).toBe('off');
      const shownAs = (type: string): Promise<void> =>
        page.locator(`input[type=${type}]`).and(keyField(dialog)).waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      // The button is drawn anew a moment after its key was pressed.
      await shownAs('text');
      await dialog.getByRole('button', { name: 'Hide the key' }).click();
      await shownAs('password');
      await keyField(dialog).focus();
      await page.keyboard.press('Enter');
      await dialog
        .getByRole('alert')
        .getByText(/not known/)
        .waitFor();
      await page.locator('input:focus').and(keyField(dialog)).waitFor();
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
      keyed.visit(async (visit) => {
        const dialog = await runAndBeAsked(visit);
        await enterKey(dialog, OTHER_KEY);
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
      keyed.visit(async (visit) => {
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
      keyed.visit(async (visit) => {
        const { page } = visit;
        await runWithKey(visit);
        keyed.api.keys = {};
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
