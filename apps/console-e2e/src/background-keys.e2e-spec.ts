import { openRuns, startButton } from './harness/background-runs';
import { enterKey, KEY, keyDialog, KeyedConsole } from './harness/keyed-console';
import { keptByBrowser } from './harness/kept-by-browser';

describe('a run in the background of an API that has keys', () => {
  const keyed = new KeyedConsole();

  it(
    'waits for the key, and is asked for with it; what the browser keeps of it has no key',
    keyed.visit(async (visit) => {
      const { page } = visit;
      await startButton(page).click();
      const dialog = keyDialog(page);
      await dialog.waitFor();
      await enterKey(dialog);
      await page.getByText(/^Started in the background/).waitFor();
      const list = await openRuns(visit);
      await list
        .getByRole('listitem')
        .getByText(/^Finished/)
        .waitFor();
      const asked = keyed.api.asked.filter(({ path }) => path.startsWith('/executions'));
      expect(asked.map(({ key }) => key)).toEqual([undefined, ...Array(asked.length - 1).fill(KEY)]);
      expect(await keptByBrowser(page)).not.toContain(KEY);
    }),
  );
});
