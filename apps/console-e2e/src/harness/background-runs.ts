import type { Locator, Page } from 'playwright-core';
import type { Visit } from './visit';

/** The button that starts the script in the background. */
export function startButton(page: Page): Locator {
  return page.getByRole('button', { name: 'Run in background', exact: true });
}

/** Starts what is in the editor, and waits until the API has taken it. */
export async function startInBackground({ page }: Visit): Promise<void> {
  await startButton(page).click();
  await page.getByText(/^Started in the background/).waitFor();
}

/** Opens the list. */
export async function openRuns({ page }: Pick<Visit, 'page'>): Promise<Locator> {
  await page.getByRole('button', { name: /^Background (runs|\d)/ }).click();
  const list = page.getByRole('dialog', { name: 'Background runs' });
  await list.waitFor();
  return list;
}

/** The entry of a run in the list. */
export function entryOf(list: Locator, title: string): Locator {
  return list.getByRole('listitem').filter({ hasText: title });
}

/** Shows a run beside its script. */
export async function showRun(list: Locator, title: string): Promise<void> {
  await entryOf(list, title).getByRole('button').first().click();
}
