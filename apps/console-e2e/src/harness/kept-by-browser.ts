import type { Page } from 'playwright-core';

/** Everything that the browser keeps for a page beyond the tab: `localStorage`, cookies and each IndexedDB, as one text. */
export async function keptByBrowser(page: Page): Promise<string> {
  const cookies = JSON.stringify(await page.context().cookies());
  const stored = await page.evaluate(async () => {
    const result = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
      });
    const databases: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue;
      const database = await result(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const values = await result(database.transaction(store).objectStore(store).getAll());
        databases.push({ name, store, values });
      }
      database.close();
    }
    return JSON.stringify({ local: Object.entries(localStorage), databases });
  });
  return `${cookies}\n${stored}`;
}

/** What it keeps for the tab alone. */
export function keptByTab(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
}
