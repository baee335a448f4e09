import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { FIGURES } from './harness/kept-files';
import { onPage } from './harness/visit';

/** Deterministic, so it holds as promised. */
const INITIAL_BYTES = 120_000;
/** Machines are noisy: these only tell a broken page; what was measured is in the file of figures. */
const GROSS_EDITOR_MS = 10_000;
const GROSS_LONG_TASK_MS = 250;

const figures: Record<string, number> = {};

afterAll(() => {
  writeFileSync(FIGURES, `${JSON.stringify(figures, null, 2)}\n`);
});

/** Begins to note tasks that block the page, and answers to keys. */
async function watchTasks(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const tasks: number[] = [];
    const keys: number[] = [];
    new PerformanceObserver((list) =>
      list.getEntries().forEach(({ duration }) => tasks.push(duration)),
    ).observe({ type: 'longtask' });
    const init = { type: 'event', durationThreshold: 16 } as PerformanceObserverInit;
    new PerformanceObserver((list) =>
      list
        .getEntries()
        .filter(({ name }) => name === 'keydown')
        .forEach(({ duration }) => keys.push(duration)),
    ).observe(init);
    Object.assign(window, { watched: { tasks, keys } });
    // A watch that sees nothing would be content with everything.
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (const until = performance.now() + 80; performance.now() < until;);
    while (tasks.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    tasks.length = 0;
  });
}

/** Longest first, milliseconds. */
async function watchedTasks(page: Page): Promise<{ tasks: number[]; keys: number[] }> {
  // Entries come when the page is idle.
  await page.waitForTimeout(300);
  return page.evaluate(() => (window as unknown as { watched: { tasks: number[]; keys: number[] } }).watched);
}

describe('the page', () => {
  it(
    'brings less than 120 kB over the wire before the full editor is asked for',
    onPage(
      async ({ page, context, pycell }) => {
        const session = await context.newCDPSession(page);
        const started = new Map<string, string>();
        const bytes = new Map<string, number>();
        let isInitial = true;
        session.on('Network.requestWillBeSent', ({ requestId, request }) => {
          if (request.url.endsWith('/monaco.css')) isInitial = false;
          if (isInitial) started.set(requestId, request.url);
        });
        session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
          if (started.has(requestId)) bytes.set(requestId, encodedDataLength);
        });
        await session.send('Network.enable');
        await page.goto(pycell.url);
        await pycell.editorIsReady();
        expect(isInitial).toBe(false);
        const total = Array.from(bytes.values()).reduce((sum, size) => sum + size, 0);
        figures['initialBytes'] = total;
        figures['initialRequests'] = bytes.size;
        expect(bytes.size).toBeGreaterThanOrEqual(5);
        expect(total).toBeLessThan(INITIAL_BYTES);
      },
      { isOpened: false },
    ),
  );

  it(
    'has the full editor soon',
    onPage(
      async ({ page, pycell }) => {
        await page.addInitScript(() => {
          const look = (): void => {
            const isThere =
              document.querySelector('.monaco-editor .view-line') &&
              !document.querySelector('textarea.plain');
            if (isThere) Object.assign(window, { editorAt: performance.now() });
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        });
        await page.goto(pycell.url);
        await pycell.editorIsReady();
        await page.waitForFunction(() => 'editorAt' in window);
        const { editorAt, paintAt } = await page.evaluate(() => ({
          editorAt: (window as unknown as { editorAt: number }).editorAt,
          paintAt: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
        }));
        figures['firstPaintMs'] = Math.round(paintAt);
        figures['editorUsableMs'] = Math.round(editorAt);
        expect(editorAt).toBeLessThan(GROSS_EDITOR_MS);
      },
      { isOpened: false },
    ),
  );

  it(
    'stays responsive while typing in a script of 10,000 characters',
    onPage(
      async ({ page, pycell }) => {
        await pycell.editor.focus();
        await page.keyboard.press('Control+Home');
        for (let line = 0; line < 60; line += 1) await page.keyboard.press('ArrowDown');
        await page.keyboard.press('End');
        await watchTasks(page);
        await page.keyboard.press('Enter');
        await page.keyboard.type('total = sum(values) + len(values) # typed', { delay: 40 });
        const { tasks, keys } = await watchedTasks(page);
        figures['typingLongTasks'] = tasks.length;
        figures['typingLongestTaskMs'] = Math.max(0, ...tasks);
        figures['typingMedianKeyMs'] = keys.sort((a, b) => a - b)[Math.floor(keys.length / 2)] ?? 0;
        figures['typingSlowestKeyMs'] = Math.max(0, ...keys);
        expect(Math.max(0, ...tasks)).toBeLessThan(GROSS_LONG_TASK_MS);
      },
      { script: longScript(9_900) },
    ),
  );

  it(
    'scrolls through a table of 10,000 rows without holding up',
    onPage(
      async ({ page, pycell }) => {
        await pycell.run();
        const area = page.getByRole('region', { name: 'Result table' });
        await area.hover();
        expect(await page.getByRole('table', { name: 'Result' }).getAttribute('aria-rowcount')).toBe('10001');
        await watchTasks(page);
        for (let step = 0; step < 40; step += 1) {
          await page.mouse.wheel(0, 1_500);
          await page.waitForTimeout(16);
        }
        await area.press('End');
        await page.getByRole('row').filter({ hasText: 'row 9999' }).waitFor();
        const { tasks } = await watchedTasks(page);
        figures['scrollingLongTasks'] = tasks.length;
        figures['scrollingLongestTaskMs'] = Math.max(0, ...tasks);
        expect(Math.max(0, ...tasks)).toBeLessThan(GROSS_LONG_TASK_MS);
        // Only what is seen exists.
        expect(await page.getByRole('row').count()).toBeLessThan(100);
        await watchTasks(page);
        await page.getByRole('columnheader', { name: 'value' }).getByRole('button').click();
        await page.getByRole('row').filter({ hasText: 'row 0' }).first().waitFor();
        figures['sortingLongestTaskMs'] = Math.max(0, ...(await watchedTasks(page)).tasks);
      },
      {
        script:
          'def main():\n    return [{"name": f"row {n}", "value": (n * 7919) % 10007, "half": n / 2} for n in range(10_000)]\n',
      },
    ),
  );
});

function longScript(characters: number): string {
  const functions = Array.from(
    { length: 400 },
    (_, n) =>
      `def step_${n}(values):\n    """Adds ${n}."""\n    return [value + ${n} for value in values]\n\n`,
  );
  let script = 'def main():\n    values = list(range(10))\n    return step_1(values)\n\n';
  for (const text of functions) {
    if (script.length + text.length > characters) break;
    script += text;
  }
  return script;
}
