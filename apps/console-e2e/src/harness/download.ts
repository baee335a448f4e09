import { buffer } from 'node:stream/consumers';
import type { Locator, Page } from 'playwright-core';

/** Presses a button, and returns what it saves. */
export async function download(page: Page, button: Locator): Promise<{ name: string; text: string }> {
  const [saved] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const bytes = await buffer(await saved.createReadStream());
  // With the mark at its beginning, where it has one.
  return { name: saved.suggestedFilename(), text: bytes.toString('utf8') };
}
