import type { BrowserContext, CDPSession, Page } from 'playwright-core';

/** How long what an action brings about may come after it, such as what is drawn. */
const AFTERMATH_MS = 40;

/**
 * What the page's main thread does, in CPU time: all of its tasks, scripts, styles and layout. What other programs
 * take of the machine makes a task longer, and is not in here; nothing of the page is left out.
 */
export class MainThread {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  static async watch(page: Page, context: BrowserContext): Promise<MainThread> {
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const mainThread = new MainThread(page, session);
    // A watch that sees nothing would be content with everything.
    const seenMs = await mainThread.cost(() =>
      page.evaluate(() => {
        for (let n = 0; n < 1e8; n += 1) Math.sqrt(n);
      }),
    );
    if (!(seenMs > 10)) throw new Error(`Of a long loop the watch saw ${seenMs} ms`);
    return mainThread;
  }

  /** @returns milliseconds that an action and what follows at once take: no task in there can be longer */
  async cost(action: () => Promise<unknown>): Promise<number> {
    const before = await this.spentMs();
    await action();
    await this.page.waitForTimeout(AFTERMATH_MS);
    return (await this.spentMs()) - before;
  }

  private async spentMs(): Promise<number> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
  }
}
