import { eventually } from './harness/eventually';
import {
  behindDialog,
  enterKey,
  KEY,
  KeyedConsole,
  OTHER_KEY,
  runAndBeAsked,
  runWithKey,
  SCRIPT,
} from './harness/keyed-console';

describe('a key in the console that the API', () => {
  const keyed = new KeyedConsole();

  it(
    'no longer takes is told as such, script and result stay, and another one is asked for',
    keyed.visit(async (visit) => {
      const { page, pycell, picture } = visit;
      await runWithKey(visit);
      keyed.api.keys = { [KEY]: { refusedBy: 'FORBIDDEN' }, [OTHER_KEY]: { name: 'new' } };
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
      await enterKey(dialog, OTHER_KEY);
      await pycell.resultText(/total/);
      expect(keyed.runs).toEqual([undefined, KEY, KEY, OTHER_KEY]);
      keyed.api.keys = {};
      await pycell.runButton.click();
      await dialog.getByText('The service does not accept the key').waitFor();
    }),
  );

  it(
    'slows down may run again when the seconds are over that are counted',
    keyed.visit(async (visit) => {
      const { pycell, picture } = visit;
      await runWithKey(visit);
      keyed.api.keys = { [KEY]: { name: 'shop', isLimitedFor: 3 } };
      await pycell.run();
      const shown = await pycell.resultText(/Too many requests/);
      expect(shown).toMatch(/Wait until the time is over/);
      const again = pycell.result.getByRole('button', { name: /^Run again/ });
      expect(await again.innerText()).toMatch(/Run again\s+in [123] s/);
      expect(await again.getAttribute('aria-disabled')).toBe('true');
      await picture('rate-limited');
      const before = keyed.runs.length;
      await again.click({ force: true });
      expect(keyed.runs).toHaveLength(before);
      await eventually(
        () => again.innerText(),
        (text) => text.trim() === 'Run again',
      );
      await again.click();
      await pycell.resultText(/total/);
    }),
  );
});
