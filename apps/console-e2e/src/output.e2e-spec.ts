import type { Page } from 'playwright-core';
import { download } from './harness/download';
import { eventually } from './harness/eventually';
import { onPage } from './harness/visit';

const COLOURS = `def main():
    print("plain \\033[31mred\\033[0m \\033[1;32mbold green\\033[0m \\033[38;5;208morange\\033[0m")
    print("50%\\r100%")
    import warnings
    warnings.warn("look out")
    return None
`;

describe('what a script prints', () => {
  it(
    'has the colours that it asked for, and no escape sequences',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        const printed = await pycell.printed();
        expect(printed).toContain('plain red bold green orange');
        expect(printed).not.toContain('\u001b');
        const colourOf = (text: string): Promise<string> =>
          page
            .getByRole('region', { name: 'stdout' })
            .getByText(text, { exact: true })
            .evaluate((span) => getComputedStyle(span).color);
        const colours = await Promise.all(['100%', 'red', 'bold green', 'orange'].map(colourOf));
        expect(new Set(colours).size).toBe(4);
        await picture('stdout-colours');
        const { name, text } = await download(
          page,
          pycell.result.getByRole('button', { name: 'Download stdout' }),
        );
        expect(name).toBe('stdout.txt');
        expect(text).toContain('\u001b[31mred\u001b[0m');
      },
      { script: COLOURS },
    ),
  );

  it(
    'to stderr stands apart',
    onPage(
      async ({ pycell }) => {
        await pycell.run();
        expect(await pycell.printed('stderr')).toContain('UserWarning: look out');
        expect(await pycell.printed('stdout')).not.toContain('look out');
      },
      { script: COLOURS },
    ),
  );
});

const MANY = `def main():
    for n in range(3000):
        print("line", n, "\\033[32mNeedle\\033[0m" if n % 1000 == 500 else "hay")
    return [{"n": n, "text": "needle" if n == 1234 else "hay"} for n in range(2000)]
`;
const MANY_LINES = Array.from(
  { length: 3_000 },
  (_, n) => `line ${n} ${n % 1_000 === 500 ? 'Needle' : 'hay'}\n`,
).join('');

describe('output that is longer than the screen', () => {
  const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

  it(
    'is selected as a whole by Ctrl+A, and copied as a whole, wherever it is scrolled to',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        await pycell.printed();
        const region = page.getByRole('region', { name: 'stdout' });
        await region.focus();
        await page.keyboard.press('Control+A');
        await picture('stdout-selected');
        await page.keyboard.press('Control+C');
        await eventually(
          () => clipboard(page),
          (text) => text === MANY_LINES,
        );
        await page.evaluate(() => navigator.clipboard.writeText(''));
        await page.keyboard.press('End');
        await region.getByText('line 2999 hay').waitFor();
        await page.keyboard.press('Control+C');
        await eventually(
          () => clipboard(page),
          (text) => text === MANY_LINES,
        );
        // A selection by hand is what it is.
        await region.getByText('line 2999 hay').click({ clickCount: 3 });
        await page.keyboard.press('Control+C');
        await eventually(
          () => clipboard(page),
          (text) => text.trim() === 'line 2999 hay',
        );
      },
      { script: MANY },
    ),
  );

  it(
    'is searched as a whole, and goes to each match',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        await pycell.printed();
        const region = page.getByRole('region', { name: 'stdout' });
        await region.press('Control+F');
        const field = page.getByRole('searchbox', { name: 'Find in stdout' });
        expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
        await page.keyboard.type('needle');
        await pycell.result.getByText('1 of 3').waitFor();
        const current = region.locator('.hit.current');
        const row = (): Promise<string> => current.locator('xpath=..').innerText();
        expect(await row()).toBe('line 500 Needle');
        await picture('stdout-search');
        await page.keyboard.press('Enter');
        await eventually(row, (text) => text === 'line 1500 Needle');
        await page.keyboard.press('Shift+Enter');
        await page.keyboard.press('Shift+Enter');
        await eventually(row, (text) => text === 'line 2500 Needle');
        expect(await current.isVisible()).toBe(true);
        await field.fill('no such thing');
        await pycell.result.getByText('No match').waitFor();
        await page.keyboard.press('Escape');
        expect(await region.evaluate((element) => element === document.activeElement)).toBe(true);
        expect(await region.locator('.hit').count()).toBe(0);
      },
      { script: MANY },
    ),
  );

  it(
    'has its tools on a phone as well',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        await pycell.printed();
        const field = page.getByRole('searchbox', { name: 'Find in stdout' });
        await field.fill('needle');
        await pycell.result.getByText('1 of 3').waitFor();
        await picture('stdout-search-phone');
        expect(await field.evaluate((input) => input.scrollWidth <= input.clientWidth)).toBe(true);
        const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect(isWide).toBe(false);
      },
      { script: MANY, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    ),
  );

  it(
    'is raw JSON, too, and a match far to the right is brought into view',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        await pycell.view('Raw');
        await pycell.result.getByRole('button', { name: 'Indent the JSON' }).click();
        await pycell.result
          .getByRole('tabpanel', { name: 'Raw' })
          .getByRole('button', { name: 'Wrap long lines' })
          .click();
        const field = page.getByRole('searchbox', { name: 'Find in the JSON' });
        await field.fill('"needle"');
        await pycell.result.getByText('1 of 1').waitFor();
        const region = page.getByRole('region', { name: 'Raw JSON' });
        const place = await eventually(
          async () => ({
            hit: await region.locator('.hit.current').first().boundingBox(),
            view: await region.boundingBox(),
          }),
          ({ hit }) => hit !== null,
        );
        await picture('raw-search');
        expect(place.hit?.x).toBeGreaterThan(place.view?.x ?? Infinity);
        expect((place.hit?.x ?? Infinity) + (place.hit?.width ?? 0)).toBeLessThan(
          (place.view?.x ?? 0) + (place.view?.width ?? 0),
        );
      },
      { script: MANY },
    ),
  );
});

describe('the line below the result', () => {
  it(
    'tells outcome, wall and CPU time, peak memory and isolation, and where the time went',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        const line = page.getByRole('group', { name: 'Status of the run' });
        const told = await eventually(
          () => line.innerText(),
          (text) => text.includes('Finished'),
        );
        expect(told).toMatch(/Wall time\s+[\d.]+\s*(?:ms|µs|s)/);
        expect(told).toMatch(/CPU\s+[\d.]+\s*(?:ms|µs|s)/);
        expect(told).toMatch(/Peak memory\s+(?:< )?[\d.]+\s*[kKMG]?i?B/);
        expect(told).toMatch(/nsjail|no isolation/);
        await line.getByRole('button', { name: /^Timings/ }).click();
        const table = page.getByRole('table', { name: 'Where the time went' });
        await eventually(
          () => table.getByRole('row').count(),
          (count) => count >= 3,
        );
        await picture('timings');
      },
      { script: COLOURS },
    ),
  );
});
