import type { Locator, Page } from 'playwright-core';
import type { Visit } from './visit';

/** Runs, and waits until the script has printed what `pattern` matches. */
export async function runUntil({ pycell }: Visit, pattern: RegExp): Promise<void> {
  await pycell.runButton.click();
  await pycell.resultText(pattern);
}

/** What has been printed, as far as it is drawn. */
export const stdout = (page: Page): Locator => page.getByRole('region', { name: 'stdout' });
