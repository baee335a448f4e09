import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { findViolationsInBothThemes } from './harness/accessibility';
import { eventually } from './harness/eventually';
import { runUntil, stdout } from './harness/running';
import { onPage } from './harness/visit';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Prints at once, and again when it has slept. */
const SLOW = `import logging, time

def main():
    print("first \\033[32mgreen\\033[0m")
    logging.warning("careful")
    time.sleep(2.5)
    print("second")
    return {"big": 12345678901234567890, "one": 1.0}
`;
const ENDLESS = `import time

def main():
    for n in range(10_000):
        print("line", n)
        time.sleep(0.02)
`;

describe('what a script prints', () => {
  it(
    'is seen before the script has ended, while the time runs, and stays with the result',
    onPage(
      async (visit) => {
        const { page, pycell, picture } = visit;
        await runUntil(visit, /first green[\s\S]*careful/);
        await pycell.cancelButton.waitFor();
        expect(await pycell.result.innerText()).not.toContain('second');
        const elapsed = page.getByRole('timer', { name: 'Elapsed' });
        const before = Number.parseFloat(await elapsed.innerText());
        await eventually(
          () => elapsed.innerText(),
          (text) => Number.parseFloat(text) > before,
        );
        await picture('stream-running');
        const green = stdout(page).getByText('green', { exact: true });
        expect(await green.getAttribute('class')).toBe('color-2');
        await pycell.runHasEnded();
        expect(await pycell.printed()).toMatch(/first green\s+second/);
        expect(await pycell.printed('stderr')).toContain('careful');
        // Every digit, and a fraction that is none.
        expect((await pycell.rawResult()).replaceAll(/\s+/g, ' ')).toBe(
          '{ "big": 12345678901234567890, "one": 1.0 }',
        );
        await picture('stream-finished');
      },
      { script: SLOW },
    ),
  );

  it(
    'is seen on a phone as it comes, too',
    onPage(
      async (visit) => {
        const { page, pycell, picture } = visit;
        await runUntil(visit, /first green/);
        await eventually(
          () => pycell.result.getByRole('tab', { name: /^stdout/ }).getAttribute('aria-selected'),
          (isSelected) => isSelected === 'true',
        );
        await eventually(
          () => page.evaluate(() => scrollY),
          (place) => place > 300,
        );
        await picture('stream-running-phone');
        expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
        await pycell.result.getByRole('tab', { name: /^stderr/ }).click();
        await pycell.resultText(/careful/);
        await pycell.runHasEnded();
        expect(await pycell.printed()).toMatch(/first green\s+second/);
      },
      { script: SLOW, ...PHONE },
    ),
  );

  it(
    'is not read aloud line by line: that it comes is told, and how much it was',
    onPage(
      async (visit) => {
        const { page, pycell, picture } = visit;
        const spoken = page.locator('.cdk-live-announcer-element');
        await runUntil(visit, /first green/);
        await eventually(
          () => spoken.innerText(),
          (text) => text === 'Output is coming',
        );
        expect(await pycell.result.locator('[aria-live], [role="log"]').count()).toBe(0);
        expect(await findViolationsInBothThemes(page)).toEqual([]);
        await picture('stream-running-dark');
        await pycell.runHasEnded();
        await eventually(
          () => spoken.innerText(),
          (text) => /^Finished in .* The result is ready\. Printed 3 lines\.$/.test(text),
        );
      },
      // The check of both themes takes its time.
      { script: SLOW.replace('2.5', '6') },
    ),
  );

  it(
    'is kept when one cancels, which tells after how long, and in the history',
    onPage(
      async (visit) => {
        const { page, pycell, picture } = visit;
        await runUntil(visit, /line 20\b/);
        await page.keyboard.press('Escape');
        const told = await pycell.resultText(/Cancelled/);
        expect(told).toMatch(/What it had printed by then is kept/);
        expect(told).toMatch(/Cancelled\s+after [\d.]+ m?s/);
        expect(await pycell.printed()).toContain('line 19\n');
        await picture('stream-cancelled');
        await page.getByRole('button', { name: 'Examples' }).click();
        await page.locator('[data-example="math"]').click();
        await pycell.resultText(/This script has not run yet/);
        await page.getByRole('button', { name: 'History', exact: true }).click();
        const history = page.getByRole('dialog', { name: 'History' });
        await history.getByText('Cancelled').first().click();
        await pycell.resultText(/What it had printed by then is kept/);
        expect(await pycell.printed()).toContain('line 19\n');
      },
      { script: ENDLESS },
    ),
  );

  it(
    'stands above the error that ends it, and above the files that it left',
    onPage(
      async (visit) => {
        const { pycell, picture } = visit;
        await runUntil(visit, /so far/);
        await pycell.cancelButton.waitFor();
        await pycell.resultText(/ZeroDivisionError/);
        expect(await pycell.printed()).toContain('so far');
        await pycell.resultText(/left\.txt/);
        expect(await pycell.failingLines()).toEqual([6]);
        await picture('stream-failed');
      },
      {
        script: [
          'import time, pathlib',
          'def main():',
          '    print("so far")',
          '    time.sleep(1.5)',
          '    pathlib.Path("output/left.txt").write_text("x")',
          '    return 1 / 0',
          '',
        ].join('\n'),
      },
    ),
  );

  it(
    'of a run that is over at once is shown with its result, from the first line on',
    onPage(
      async ({ page, pycell }) => {
        await pycell.run();
        await pycell.resultText(/Finished/);
        expect(await pycell.printed()).toContain('line 0\n');
        expect(await stdout(page).evaluate(({ scrollTop }) => scrollTop)).toBe(0);
      },
      { script: 'def main():\n    for n in range(1_000):\n        print("line", n)\n    return 1\n' },
    ),
  );
});

describe('the end of what is printed', () => {
  const toEnd = (page: Page): Promise<number> =>
    stdout(page).evaluate(
      ({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop,
    );

  const isAtEnd = (page: Page): Promise<number> =>
    eventually(
      () => toEnd(page),
      (distance) => distance < 60,
    );
  /** Does it again, as one does, where the end has moved on before the page was there. */
  const goToEnd = (page: Page, go: () => Promise<void>): Promise<number> =>
    eventually(
      async () => {
        await go();
        await delay(100);
        return toEnd(page);
      },
      (distance) => distance < 60,
    );

  it(
    'stays in view, until one scrolls up, and from when one is back',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await runUntil(visit, /line 60\b/);
        await isAtEnd(page);
        const region = stdout(page);
        await region.hover();
        await page.mouse.wheel(0, -300);
        await eventually(
          () => toEnd(page),
          (distance) => distance >= 200,
        );
        const place = await region.evaluate(({ scrollTop }) => scrollTop);
        const height = await region.evaluate(({ scrollHeight }) => scrollHeight);
        await eventually(
          () => region.evaluate(({ scrollHeight }) => scrollHeight),
          (now) => now > height + 200,
        );
        expect(await region.evaluate(({ scrollTop }) => scrollTop)).toBe(place);
        await goToEnd(page, () => page.mouse.wheel(0, 100_000));
        await region.press('Home');
        await eventually(
          () => toEnd(page),
          (distance) => distance >= 200,
        );
        await goToEnd(page, () => region.press('End'));
        await eventually(
          () => region.evaluate(({ scrollHeight }) => scrollHeight),
          (now) => now > height + 1_600,
        );
        await isAtEnd(page);
        await pycell.cancelButton.click();
        await pycell.resultText(/Cancelled/);
        // It has less room now, and its end is seen all the same.
        await eventually(
          () => toEnd(page),
          (distance) => distance < 5,
        );
      },
      { script: ENDLESS },
    ),
  );

  it(
    'does not take away what one has selected',
    onPage(
      async (visit) => {
        const { page } = visit;
        await runUntil(visit, /line 5\b/);
        await stdout(page).getByText('line 3', { exact: true }).click({ clickCount: 3 });
        await stdout(page).getByText('line 25', { exact: true }).waitFor();
        expect((await page.evaluate(() => getSelection()?.toString() ?? '')).trim()).toBe('line 3');
      },
      { script: ENDLESS },
    ),
  );
});
