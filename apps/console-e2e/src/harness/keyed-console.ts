import type { Locator, Page } from 'playwright-core';
import { KeyedApi } from './keyed-api';
import { startConsole } from './pycell';
import type { ServiceProcess } from './service-process';
import { sharedServices } from './shared-services';
import { onPage, type Visit, type VisitOptions } from './visit';

/** As the service makes them. */
export const KEY = `pycell_${'Aa0-_'.repeat(8)}Zz9`;
export const OTHER_KEY = `pycell_${'Bb1_-'.repeat(8)}Yy8`;
/** Chromium tells of each request that came to nothing. */
export const REFUSED = [/\b401\b/, /\b403\b/];
export const SCRIPT = 'def main():\n    print("printed")\n    return {"total": 42}\n';

/** A console whose API has keys: `KEY` at the beginning of each test. */
export class KeyedConsole {
  readonly api = new KeyedApi(sharedServices().apiUrl);
  private server: ServiceProcess | null = null;

  /** Starts and stops it with the tests of a `describe`. */
  constructor() {
    beforeAll(async () => {
      await this.api.start();
      this.server = await startConsole(this.api);
    });
    beforeEach(() => this.api.reset({ [KEY]: { name: 'shop', maxScriptSize: 5_000 } }));
    afterAll(async () => {
      await this.server?.stop();
      await this.api.stop();
    });
  }

  get url(): string {
    return this.server?.url ?? '';
  }

  /** What the console's server has written. */
  get log(): string {
    return this.server?.log ?? '';
  }

  /** The keys of the runs that were asked for, in order. */
  get runs(): readonly (string | undefined)[] {
    return this.api.asked.filter(({ path }) => path === '/execute').map(({ key }) => key);
  }

  /** A test of one visit. */
  visit(body: (visit: Visit) => Promise<void>, more: VisitOptions = {}) {
    return onPage(body, { consoleUrl: () => this.url, script: SCRIPT, expected: REFUSED, ...more });
  }
}

export function keyDialog(page: Page): Locator {
  return page.getByRole('dialog', { name: 'API key' });
}

/** @param place a dialog with the form */
export function keyField(place: Locator): Locator {
  return place.getByLabel('API key', { exact: true });
}

export async function runAndBeAsked({ page, pycell }: Visit): Promise<Locator> {
  await pycell.runButton.click();
  const dialog = keyDialog(page);
  await dialog.waitFor();
  return dialog;
}

export async function enterKey(place: Locator, key = KEY): Promise<void> {
  await keyField(place).fill(key);
  await place.getByRole('button', { name: 'Use this key' }).click();
}

export async function runWithKey(visit: Visit): Promise<void> {
  const dialog = await runAndBeAsked(visit);
  await enterKey(dialog);
  await dialog.waitFor({ state: 'detached' });
  await visit.pycell.resultText(/total/);
}

/** The result, which has no role while a dialog is over it. */
export function behindDialog(page: Page): Locator {
  return page.locator('app-results-panel');
}
