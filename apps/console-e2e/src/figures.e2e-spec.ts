import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { FIGURES } from './harness/kept-files';
import { MainThread } from './harness/main-thread';
import { onPage } from './harness/visit';

/** What the console promises. */
const INITIAL_BYTES = 120_000;
const INITIAL_REQUESTS = 20;
const EDITOR_MS = 2_000;
const KEY_MS = 50;
const SCROLLING_MS = 100;

const ATTEMPTS = 5;

const figures: Record<string, number> = {};

afterAll(() => {
  writeFileSync(FIGURES, `${JSON.stringify(figures, null, 2)}\n`);
});

/**
 * The best of a few attempts, or the first that keeps the promise: other work on the machine can only add to a time, so
 * one that was in time was not so by luck.
 */
async function best<T>(
  promisedMs: number,
  { measure, of }: { measure: () => Promise<T>; of: (measured: T) => number },
): Promise<T> {
  const measured: T[] = [];
  do {
    measured.push(await measure());
    measured.sort((one, other) => of(one) - of(other));
  } while (of(measured[0] as T) >= promisedMs && measured.length < ATTEMPTS);
  return measured[0] as T;
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
        // On a slow line each costs a round trip: what is loaded together is one file.
        expect(bytes.size).toBeLessThan(INITIAL_REQUESTS);
      },
      { isOpened: false },
    ),
  );

  it(
    'has the full editor within 2 s, with nothing of it in the cache',
    onPage(
      async ({ page, context, pycell }) => {
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
        const session = await context.newCDPSession(page);
        const { editorAt, paintAt } = await best(EDITOR_MS, {
          measure: async () => {
            await session.send('Network.clearBrowserCache');
            await page.goto(pycell.url);
            await page.waitForFunction(() => 'editorAt' in window);
            return page.evaluate(() => ({
              editorAt: (window as unknown as { editorAt: number }).editorAt,
              paintAt: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
            }));
          },
          of: (measured) => measured.editorAt,
        });
        figures['firstPaintMs'] = Math.round(paintAt);
        figures['editorUsableMs'] = Math.round(editorAt);
        expect(editorAt).toBeLessThan(EDITOR_MS);
      },
      { isOpened: false },
    ),
  );

  it(
    'is never held for 50 ms by a key in a script of 10,000 characters',
    onPage(
      async ({ page, context, pycell }) => {
        await pycell.editor.focus();
        await page.keyboard.press('Control+Home');
        for (let line = 0; line < 60; line += 1) await page.keyboard.press('ArrowDown');
        await page.keyboard.press('End');
        const mainThread = await MainThread.watch(page, context);
        await watchKeys(page);
        const costs = await best(KEY_MS, {
          measure: async () => {
            const measured: number[] = [];
            for (const key of ['Enter', ...Array.from('total = sum(values) + len(values) # typed')]) {
              measured.push(await mainThread.cost(() => page.keyboard.press(key)));
            }
            return measured;
          },
          of: (measured) => Math.max(...measured),
        });
        figures['typingKeyMs'] = middle(costs);
        figures['typingSlowestKeyMs'] = Math.round(Math.max(...costs));
        // With waiting and painting, as a person sees it: more than what the page can do about it.
        const seen = await watchedKeys(page);
        figures['typingSeenKeyMs'] = middle(seen);
        figures['typingSlowestSeenKeyMs'] = Math.max(0, ...seen);
        expect(Math.max(...costs)).toBeLessThan(KEY_MS);
      },
      // Each attempt adds a line.
      { script: longScript(10_000 - ATTEMPTS * 50) },
    ),
  );

  it(
    'scrolls through a table of 10,000 rows without being held for 100 ms',
    onPage(
      async ({ page, context, pycell }) => {
        await pycell.run();
        const area = page.getByRole('region', { name: 'Result table' });
        expect(await page.getByRole('table', { name: 'Result' }).getAttribute('aria-rowcount')).toBe('10001');
        const mainThread = await MainThread.watch(page, context);
        const costs = await best(SCROLLING_MS, {
          measure: async () => {
            await area.press('Home');
            await page.getByRole('row').filter({ hasText: 'row 0' }).waitFor();
            await area.hover();
            const measured: number[] = [];
            for (let step = 0; step < 40; step += 1) {
              measured.push(await mainThread.cost(() => page.mouse.wheel(0, 1_500)));
            }
            measured.push(await mainThread.cost(() => area.press('End')));
            await page.getByRole('row').filter({ hasText: 'row 9999' }).waitFor();
            return measured;
          },
          of: (measured) => Math.max(...measured),
        });
        figures['scrollingStepMs'] = middle(costs);
        figures['scrollingSlowestStepMs'] = Math.round(Math.max(...costs));
        expect(Math.max(...costs)).toBeLessThan(SCROLLING_MS);
        // Only what is seen exists.
        expect(await page.getByRole('row').count()).toBeLessThan(100);
        const sorting = await mainThread.cost(() =>
          page.getByRole('columnheader', { name: 'value' }).getByRole('button').click(),
        );
        await page.getByRole('row').filter({ hasText: 'row 0' }).first().waitFor();
        figures['sortingMs'] = Math.round(sorting);
      },
      {
        script:
          'def main():\n    return [{"name": f"row {n}", "value": (n * 7919) % 10007, "half": n / 2} for n in range(10_000)]\n',
      },
    ),
  );
});

function middle(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}

/** Begins to note how long each key takes until its effect is painted. */
async function watchKeys(page: Page): Promise<void> {
  await page.evaluate(() => {
    const keys: number[] = [];
    const init = { type: 'event', durationThreshold: 16 } as PerformanceObserverInit;
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) if (name === 'keydown') keys.push(duration);
    }).observe(init);
    Object.assign(window, { keys });
  });
}

/** Milliseconds; only of keys that took 16 or more. */
async function watchedKeys(page: Page): Promise<number[]> {
  // Entries come when the page is idle.
  await page.waitForTimeout(300);
  return page.evaluate(() => (window as unknown as { keys: number[] }).keys);
}

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
