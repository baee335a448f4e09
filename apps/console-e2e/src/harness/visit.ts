import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { PATIENCE } from '../../../../tools/services/patience.cjs';
import { ConsolePage } from './console-page';
import { FAILURES, fileNameOf, SCREENSHOTS } from './kept-files';
import { PageLog } from './page-log';
import { ownBrowserEndpoint, sharedServices } from './shared-services';

/** Playwright's own patience ends before jest's, so that a failure has a picture. CI asks for more of both. */
const PATIENCE_MS = 10_000 * PATIENCE;
const VIEWPORT = { width: 1280, height: 800 };

export interface VisitOptions extends BrowserContextOptions {
  /** The console to visit; the shared one unless given. */
  readonly consoleUrl?: () => string;
  /** The script that is in the editor from the beginning, as if typed in an earlier visit. */
  readonly script?: string;
  /** What the page may complain about. */
  readonly expected?: readonly RegExp[];
  /** Whether the page is opened, and the editor waited for, before the test begins; true unless given. */
  readonly isOpened?: boolean;
}

/** A person with a fresh browser profile on the console's page. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly pycell: ConsolePage;
  readonly log: PageLog;
  /** Keeps a picture of the page. */
  readonly picture: (name: string) => Promise<void>;
}

let connecting: Promise<Browser> | undefined;

function connect(): Promise<Browser> {
  connecting ??= chromium.connect(ownBrowserEndpoint());
  return connecting;
}

afterAll(async () => {
  const browser = await connecting;
  await browser?.close();
});

/** A test of one visit. It also fails when the page complains, and keeps a picture and the page's log when it fails. */
export function onPage(body: (visit: Visit) => Promise<void>, options: VisitOptions = {}) {
  return async (): Promise<void> => {
    const visit = await begin(options);
    try {
      if (options.isOpened !== false) await visit.pycell.open();
      await body(visit);
      expect(visit.log.complaints(options.expected ?? [])).toEqual([]);
    } catch (error) {
      throw await withEvidence(error, visit);
    } finally {
      // What the page still asks when the test has ended: a handler that is under way must not fail the next test.
      if (!visit.page.isClosed()) await visit.page.unrouteAll({ behavior: 'ignoreErrors' });
      await visit.context.unrouteAll({ behavior: 'ignoreErrors' });
      await visit.context.close();
    }
  };
}

async function begin({ consoleUrl, script, expected: _, isOpened: __, ...options }: VisitOptions) {
  const browser = await connect();
  const context = await browser.newContext({
    viewport: VIEWPORT,
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const log = await PageLog.start(page);
  const url = consoleUrl?.() ?? sharedServices().consoleUrl;
  const pycell = new ConsolePage(page, url);
  if (script !== undefined) await pycell.rememberScript(script);
  const picture = async (name: string): Promise<void> => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  };
  return { page, context, pycell, log, picture };
}

/** Keeps how the page looked and what it said; the error tells where. */
async function withEvidence(error: unknown, { page, log }: Visit): Promise<unknown> {
  const name = fileNameOf(expect.getState().currentTestName ?? 'test');
  const picture = join(FAILURES, `${name}.png`);
  const words = join(FAILURES, `${name}.log`);
  writeFileSync(words, `${log.text}\n`);
  try {
    await page.screenshot({ path: picture, timeout: 5_000 });
  } catch {
    // The page has gone or hangs, which the error itself tells.
  }
  if (error instanceof Error)
    error.message += `\n\nScreenshot: ${picture}\nLog: ${words}\n${log.conspicuous}`;
  return error;
}
