import type { Page } from 'playwright-core';

declare global {
  interface Window {
    copiedText?: string;
  }
}

/**
 * From the next load on, what the page copies goes here, and not to the browser's one clipboard, which belongs to all
 * tests. Must come before the page is opened.
 */
export async function catchCopies(page: Page): Promise<void> {
  await page.addInitScript(() => {
    // A page without an origin, such as about:blank, has no clipboard.
    if (!('clipboard' in navigator)) return;
    navigator.clipboard.writeText = (text: string) => {
      window.copiedText = text;
      return Promise.resolve();
    };
  });
}

/** What the page copied last. */
export function copiedText(page: Page): Promise<string> {
  return page.evaluate(() => window.copiedText ?? '');
}
