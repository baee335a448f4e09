import type { Page } from 'playwright-core';
import { eventually } from './harness/eventually';
import { onPage } from './harness/visit';

const SLOW = 'import time\n\ndef main():\n    time.sleep(1.5)\n    return "late"\n';

const hasFocus = (element: Element): boolean => element === document.activeElement;

async function loadExample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Examples', exact: true }).click();
  const examples = page.getByRole('dialog', { name: 'Examples' });
  await examples.getByRole('button').nth(1).click();
  await examples.waitFor({ state: 'detached' });
}

describe('the focus', () => {
  it(
    'goes from Cancel to Run when the run ends by itself',
    onPage(
      async ({ pycell }) => {
        await pycell.runButton.click();
        await pycell.cancelButton.focus();
        await pycell.resultText(/late/);
        await pycell.cancelButton.waitFor({ state: 'detached' });
        expect(await pycell.runButton.evaluate(hasFocus)).toBe(true);
      },
      { script: SLOW },
    ),
  );

  it(
    'stays in the result when "Run again" has gone',
    onPage(async ({ page, pycell }) => {
      await page.route('**/execute', (route) => route.fulfill({ status: 503, body: 'starting' }), {
        times: 1,
      });
      await pycell.run();
      await pycell.result.getByRole('button', { name: 'Run again' }).press('Enter');
      await pycell.resultText(/total/);
      expect(await pycell.result.evaluate(hasFocus)).toBe(true);
    }),
  );
});

describe('a word at the edge of the page', () => {
  it(
    'stays while its button has the focus or the pointer is over it, and goes afterwards',
    onPage(
      async ({ page, pycell }) => {
        await page.clock.install();
        await pycell.open();
        await loadExample(page);
        const undo = page.getByRole('button', { name: 'Undo' });
        await undo.focus();
        await page.clock.fastForward(60_000);
        expect(await undo.evaluate(hasFocus)).toBe(true);
        await undo.hover();
        await pycell.editor.focus();
        await page.clock.fastForward(60_000);
        expect(await undo.count()).toBe(1);
        await page.mouse.move(5, 300);
        await page.clock.fastForward(13_000);
        await eventually(
          () => undo.count(),
          (count) => count === 0,
        );
      },
      { isOpened: false },
    ),
  );

  it(
    'gives the focus back when it is dismissed',
    onPage(async ({ page, pycell }) => {
      await loadExample(page);
      await pycell.runButton.focus();
      await page.getByRole('button', { name: 'Dismiss' }).focus();
      await page.keyboard.press('Enter');
      await eventually(
        () => pycell.runButton.evaluate(hasFocus),
        (isFocused) => isFocused,
      );
    }),
  );
});

describe('a dialog', () => {
  it(
    'stays open when its border or scroll bar is pressed, and closes by a press beside it',
    onPage(async ({ page }) => {
      await page.getByRole('button', { name: 'Settings', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Settings' });
      const box = await dialog.boundingBox();
      if (!box) throw new Error('The dialog is not in the page');
      const y = box.y + box.height / 2;
      // The border belongs to the dialog itself, as its scroll bar does.
      await page.mouse.click(box.x + box.width - 0.5, y);
      await page.mouse.click(box.x + 0.5, y);
      expect(await dialog.isVisible()).toBe(true);
      await page.mouse.click(box.x - 20, y);
      await dialog.waitFor({ state: 'detached' });
    }),
  );
});

describe('the history where it covers the page', () => {
  it(
    'has its messages within reach, and closes after what lies over it',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        await pycell.write('def main():\n    return 2\n');
        await pycell.run();
        const opener = page.getByRole('button', { name: 'History', exact: true });
        await opener.click();
        const history = page.getByRole('dialog', { name: 'History' });
        await history
          .getByRole('button', { name: /^Delete/ })
          .first()
          .press('Enter');
        // The message is wider than the sheet: pressing what hangs out of it is no press beside it.
        await page.getByRole('button', { name: 'Undo' }).click();
        await eventually(
          () => history.getByRole('listitem').count(),
          (count) => count === 2,
        );
        for (const compare of await history.getByRole('button', { name: /^Compare/ }).all()) {
          await compare.click();
        }
        await history.getByRole('button', { name: 'Compare', exact: true }).click();
        const comparison = page.getByRole('dialog', { name: 'Compare two runs' });
        await comparison.getByText('changed').first().waitFor();
        await picture('compare-over-history');
        await page.keyboard.press('Escape');
        await comparison.waitFor({ state: 'detached' });
        expect(await history.isVisible()).toBe(true);
        expect(await history.evaluate((sheet) => sheet.contains(document.activeElement))).toBe(true);
        await page.keyboard.press('Escape');
        await history.waitFor({ state: 'detached' });
        expect(await opener.evaluate(hasFocus)).toBe(true);
      },
      { viewport: { width: 800, height: 700 } },
    ),
  );
});
