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

/** Puts runs into what the browser keeps: each as the one that is there, but for what is said. The page has to be loaded again. */
export async function keepMoreRuns(page: Page, changes: readonly object[]): Promise<void> {
  await page.evaluate(async (more) => {
    const result = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
      });
    const database = await result(indexedDB.open('pycell.background'));
    const stores = database.transaction(['runs', 'given'], 'readwrite');
    const [run] = (await result(stores.objectStore('runs').getAll())) as { key: string }[];
    const [given] = (await result(stores.objectStore('given').getAll())) as object[];
    for (const [index, differences] of more.entries()) {
      const key = `more-${index}`;
      await result(stores.objectStore('runs').put({ ...run, key, ...differences }));
      await result(stores.objectStore('given').put(given, key));
    }
    database.close();
  }, changes);
}
