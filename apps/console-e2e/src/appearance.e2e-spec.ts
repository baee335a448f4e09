import type { Page } from 'playwright-core';
import { eventually } from './harness/eventually';
import { findOverflow } from './harness/overflow';
import { onPage, type VisitOptions } from './harness/visit';

/** 0 is black, 255 white: of the page and of the editor in it. */
function brightness(page: Page): Promise<{ page: number; editor: number }> {
  return page.evaluate(() => {
    const of = (element: Element): number => {
      const [red = 0, green = 0, blue = 0] = Array.from(
        getComputedStyle(element).backgroundColor.matchAll(/[\d.]+/g),
        Number,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const editor = document.querySelector('.monaco-editor .monaco-editor-background');
    return { page: of(document.documentElement), editor: editor ? of(editor) : -1 };
  });
}

const isDark = (shown: { page: number; editor: number }): boolean => shown.page < 60 && shown.editor < 60;
const isLight = (shown: { page: number; editor: number }): boolean => shown.page > 200 && shown.editor > 200;

describe('the theme', () => {
  it(
    'follows the system, also when that changes while the page is shown',
    onPage(
      async ({ page, pycell, picture }) => {
        await eventually(() => brightness(page), isDark);
        await pycell.run();
        await picture('finished-dark');
        await page.emulateMedia({ colorScheme: 'light' });
        await eventually(() => brightness(page), isLight);
      },
      { colorScheme: 'dark' },
    ),
  );

  it(
    'that a person chose stands against the system, and from the first paint after a reload',
    onPage(
      async ({ page, pycell }) => {
        await eventually(() => brightness(page), isLight);
        await page.getByRole('button', { name: 'Use the dark theme' }).click();
        await eventually(() => brightness(page), isDark);
        await page.addInitScript(() => {
          // The page's own elements are about to be made; nothing has been painted.
          new MutationObserver((_, observer) => {
            if (document.querySelector('app-page') === null) return;
            observer.disconnect();
            const { colorScheme } = getComputedStyle(document.documentElement);
            Object.assign(window, { schemeAtFirst: colorScheme });
          }).observe(document, { childList: true, subtree: true });
        });
        await page.reload();
        expect(
          await page.evaluate(() => (window as unknown as { schemeAtFirst?: string }).schemeAtFirst),
        ).toBe('dark');
        await pycell.editorIsReady();
        await eventually(() => brightness(page), isDark);
        await page.getByRole('button', { name: 'Use the light theme' }).click();
        await eventually(() => brightness(page), isLight);
      },
      { colorScheme: 'light' },
    ),
  );
});

describe.each([
  { device: 'a phone', width: 390, height: 844 },
  { device: 'the narrowest screen', width: 320, height: 640 },
])('on $device ($width px)', ({ device, width, height }) => {
  const options: VisitOptions = { viewport: { width, height }, isMobile: true, hasTouch: true };

  it(
    'everything fits without scrolling to the side, before and after a run',
    onPage(
      async ({ page, pycell, picture }) => {
        expect(await findOverflow(page)).toEqual([]);
        await pycell.runButton.tap();
        await pycell.resultText(/abc/);
        expect(await findOverflow(page)).toEqual([]);
        const place = await eventually(
          () => pycell.result.boundingBox(),
          (box) => box !== null && box.y < height / 2,
        );
        // Below the header, which stays where it is.
        expect(place?.y).toBeGreaterThan(30);
        await picture(`finished-on-${device.replaceAll(' ', '-')}`);
      },
      {
        ...options,
        script:
          'def main():\n    print("abc" * 200)\n    return {"text": "abc" * 200, "rows": [[1] * 30] * 3}\n',
      },
    ),
  );

  it(
    'a failure fits as well, and the script can be written with the finger',
    onPage(async ({ page, pycell, picture }) => {
      await page.locator('.view-line').first().tap();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(`x = [${'1, '.repeat(60)}]`);
      await eventually(
        () => pycell.script(),
        (script) => script.startsWith('x = [1, 1'),
      );
      await pycell.runButton.tap();
      await pycell.resultText(/main\(\)/);
      expect(await findOverflow(page)).toEqual([]);
      await picture(`failed-on-${device.replaceAll(' ', '-')}`);
    }, options),
  );

  it.each(['Examples', 'History', 'Settings', 'Keyboard shortcuts'])(
    '%s fits, can be closed, and leaves the page as it was',
    async (name) => {
      await onPage(async ({ page, picture }) => {
        await page.getByRole('button', { name, exact: true }).tap();
        const dialog = page.getByRole('dialog', { name });
        await dialog.waitFor();
        expect(await findOverflow(page)).toEqual([]);
        await picture(`${name.replaceAll(' ', '-').toLowerCase()}-on-${device.replaceAll(' ', '-')}`);
        await dialog.getByRole('button', { name: 'Close' }).tap();
        await dialog.waitFor({ state: 'detached' });
      }, options)();
    },
  );
});
