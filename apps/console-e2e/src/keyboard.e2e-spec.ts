import { eventually } from './harness/eventually';
import { focusStop, prepareTabWalk, tabStops, walkByTab } from './harness/tab-walk';
import { onPage, type Visit } from './harness/visit';

const SCRIPT = 'def main():\n    print("out")\n    return [{"a": 1, "b": 2}, {"a": 3, "b": 4}]\n';

async function open({ page, pycell }: Visit): Promise<void> {
  await prepareTabWalk(page);
  await pycell.open();
}

describe('the keyboard alone', () => {
  it(
    'reaches every control by Tab, sees where the focus is, and comes around',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await open(visit);
        await page.keyboard.press('Control+Enter');
        await pycell.resultText(/\ba\b/);
        // Tab indents in the editor until Ctrl+M, which the editor's name tells.
        await pycell.editor.focus();
        await page.keyboard.press('Control+M');
        const stops = await walkByTab(page);
        const reached = new Set(stops.map(({ path }) => path));
        const missed = (await tabStops(page)).filter(({ path }) => !reached.has(path));
        expect(missed.map(({ description }) => description)).toEqual([]);
        expect(stops.filter(({ isVisible }) => !isVisible).map(({ description }) => description)).toEqual([]);
        expect(stops.length).toBeGreaterThan(5);
      },
      { isOpened: false, script: SCRIPT },
    ),
  );

  it(
    'comes the same way back by Shift+Tab',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await open(visit);
        await pycell.editor.focus();
        await page.keyboard.press('Control+M');
        const forth = await walkByTab(page);
        const back = await walkByTab(page, { key: 'Shift+Tab' });
        const paths = (stops: typeof forth): string[] => stops.map(({ path }) => path).sort();
        expect(paths(back)).toEqual(paths(forth));
      },
      { isOpened: false },
    ),
  );

  it(
    'indents by Tab in the editor, leaves it after Ctrl+M, and indents again after another',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await open(visit);
        await pycell.write('');
        await page.keyboard.press('Tab');
        expect(await pycell.script()).toBe('    ');
        const inEditor = await focusStop(page);
        await page.keyboard.press('Control+M');
        await page.keyboard.press('Tab');
        expect(await pycell.script()).toBe('    ');
        expect((await focusStop(page))?.path).not.toBe(inEditor?.path);
        await pycell.editor.focus();
        await page.keyboard.press('Control+M');
        await page.keyboard.press('Tab');
        expect((await pycell.script()).trim()).toBe('');
        expect((await pycell.script()).length).toBeGreaterThan(4);
      },
      { isOpened: false },
    ),
  );

  it(
    'moves between the script and the result by F6',
    onPage(async ({ page, pycell }) => {
      await pycell.editor.focus();
      await page.keyboard.press('F6');
      expect(await pycell.result.evaluate((region) => region === document.activeElement)).toBe(true);
      await page.keyboard.press('F6');
      await page.keyboard.type('# here');
      expect(await pycell.script()).toContain('# here');
    }),
  );

  it(
    'shows the shortcuts by ?, but not while typing, and Escape closes them and gives the focus back',
    onPage(async ({ page, pycell, picture }) => {
      const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      await pycell.write('');
      await page.keyboard.type('# ?');
      expect(await pycell.script()).toBe('# ?');
      expect(await dialog.count()).toBe(0);
      await pycell.runButton.focus();
      await page.keyboard.press('?');
      await dialog.waitFor();
      await dialog.getByText('Run the script', { exact: true }).waitFor();
      await picture('shortcuts');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await pycell.runButton.evaluate((button) => button === document.activeElement)).toBe(true);
    }),
  );

  it(
    'keeps the focus inside of an open dialog',
    onPage(
      async (visit) => {
        const { page } = visit;
        await open(visit);
        await page.getByRole('button', { name: 'Keyboard shortcuts' }).press('Enter');
        const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
        await dialog.waitFor();
        for (let step = 0; step < 5; step += 1) {
          await page.keyboard.press('Tab');
          const isInside = await dialog.evaluate(
            (element) => element.contains(document.activeElement) || document.activeElement === document.body,
          );
          expect(isInside).toBe(true);
        }
      },
      { isOpened: false },
    ),
  );

  it(
    'opens and closes the history by Ctrl+Shift+H, also from inside, and is back in the editor',
    onPage(async ({ page, pycell }) => {
      await pycell.run();
      await pycell.editor.focus();
      await page.keyboard.press('Control+Shift+H');
      const history = page.getByRole('dialog', { name: 'History' });
      await history.getByRole('searchbox').and(page.locator(':focus')).waitFor();
      await page.keyboard.press('Control+Shift+H');
      await history.waitFor({ state: 'detached' });
      await page.keyboard.type('# here');
      expect(await pycell.script()).toContain('# here');
    }),
  );

  it(
    'is not lost where a question about the history comes and goes',
    onPage(async ({ page, pycell }) => {
      const focused = (name: string): Promise<void> =>
        page.getByRole('button', { name, exact: true }).and(page.locator(':focus')).waitFor();
      await pycell.run();
      await page.keyboard.press('Control+Shift+H');
      const history = page.getByRole('dialog', { name: 'History' });
      await history.getByRole('button', { name: 'Clear all' }).press('Enter');
      await history.getByRole('group', { name: 'Delete all 1?' }).waitFor();
      await focused('Keep');
      await page.keyboard.press('Enter');
      await focused('Clear all');
      await history.getByRole('button', { name: /^Compare/ }).press('Enter');
      await history.getByRole('button', { name: 'Cancel' }).press('Enter');
      await focused('Clear all');
      await history.getByRole('button', { name: /^Delete/ }).press('Enter');
      await focused('Close');
      await page.getByRole('button', { name: 'Undo' }).press('Enter');
      await history.locator('.restore:focus').waitFor();
      await history.getByRole('button', { name: 'Clear all' }).press('Enter');
      await history.getByRole('button', { name: 'Delete all' }).press('Enter');
      await focused('Close');
    }),
  );

  it(
    'makes the panes wider and narrower at the separator, which keeps its place over a reload',
    onPage(async ({ page, pycell }) => {
      const separator = page.getByRole('separator', { name: 'Width of the script' });
      const width = async (): Promise<number> => Number(await separator.getAttribute('aria-valuenow'));
      const before = await width();
      await separator.focus();
      await page.keyboard.press('ArrowRight');
      const after = await eventually(width, (percent) => percent > before);
      await page.reload();
      await pycell.editorIsReady();
      expect(await width()).toBe(after);
    }),
  );
});
