import type { Page } from 'playwright-core';
import { download } from './harness/download';
import { eventually } from './harness/eventually';
import { MainThread } from './harness/main-thread';
import { runUntil, stdout } from './harness/running';
import { onPage } from './harness/visit';

/** Within the limit of output, in two seconds and more. */
const MANY = `import time

def main():
    for n in range(10_000):
        print("line", n, "\\033[33mof many\\033[0m, of which only those are drawn that are seen")
        if n % 50 == 49:
            time.sleep(0.01)
    return None
`;

describe('10,000 lines that come one by one', () => {
  /** Frames of the page while something happens: how long each took, milliseconds. */
  async function framesWhile(page: Page, action: () => Promise<unknown>): Promise<readonly number[]> {
    await page.evaluate(() => {
      const taken: number[] = [];
      let last = performance.now();
      const next = (): void => {
        const now = performance.now();
        taken.push(now - last);
        last = now;
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
      Object.assign(window, { framesTaken: taken });
    });
    await action();
    return page.evaluate(() => (window as unknown as { framesTaken: number[] }).framesTaken);
  }

  /** What so large a part of them is not above. */
  function share(values: readonly number[], part: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) * part)] ?? NaN;
  }

  /** Tells the figure where it is not. */
  const below = (limit: number): unknown => ({
    asymmetricMatch: (value: number) => value < limit,
    toAsymmetricMatcher: () => `below ${limit}`,
  });

  it(
    'leave the page smooth, and few of them in it',
    onPage(
      async (visit) => {
        const { page, context, pycell } = visit;
        const mainThread = await MainThread.watch(page, context);
        const quiet = await framesWhile(page, () => page.waitForTimeout(2_000));
        let rows = 0;
        const startedAt = performance.now();
        let taken: readonly number[] = [];
        const spentMs = await mainThread.cost(async () => {
          taken = await framesWhile(page, async () => {
            await runUntil(visit, /line [5-9]\d\d\d\b/);
            rows = await pycell.result.locator('.row').count();
            await pycell.runHasEnded();
          });
        });
        const figures = {
          spentShare: spentMs / (performance.now() - startedAt),
          middleMs: share(taken, 0.5),
          longestMs: share(taken, 1),
          quietLongestMs: share(quiet, 1),
          rows,
        };
        // What others take of this machine makes frames longer, quiet ones too.
        expect(figures).toEqual({
          spentShare: below(0.6),
          middleMs: below(50),
          longestMs: below(figures.quietLongestMs + 400),
          quietLongestMs: expect.any(Number),
          rows: below(450),
        });
        expect(await pycell.printed()).toContain('line 9999');
        await pycell.resultText(/10,000 lines/);
      },
      { script: MANY },
    ),
  );

  it(
    'are complete though the page was hidden, and drew nothing, while they came',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await runUntil(visit, /line \d+ of many/);
        // As browsers do it: frames that were asked for come when the page is seen again.
        await page.evaluate(() => {
          const draw = window.requestAnimationFrame.bind(window);
          const waiting: FrameRequestCallback[] = [];
          window.requestAnimationFrame = (frame) => waiting.push(frame);
          Object.assign(window, {
            showAgain: () => {
              window.requestAnimationFrame = draw;
              waiting.forEach((frame) => draw(frame));
            },
          });
          // One that was asked for before comes still.
          return new Promise<void>((resolve) => draw(() => draw(() => resolve())));
        });
        const seen = await stdout(page).innerText();
        await page.waitForTimeout(700);
        const lastOf = (text: string): string | undefined => /line \d+ of many.*$/.exec(text.trim())?.[0];
        expect(lastOf(await stdout(page).innerText())).toBe(lastOf(seen));
        await page.evaluate(() => (window as unknown as { showAgain: () => void }).showAgain());
        await eventually(
          () => stdout(page).innerText(),
          (text) => lastOf(text) !== lastOf(seen),
        );
        await pycell.runHasEnded();
        const copied = await download(page, pycell.result.getByRole('button', { name: 'Download stdout' }));
        expect(copied.text.split('\n')).toHaveLength(10_001);
        expect(copied.text).toMatch(/^line 0 [\s\S]*\nline 9999 .*\n$/);
      },
      // Longer than it takes to look at it twice.
      { script: MANY.replace('0.01', '0.03') },
    ),
  );
});
