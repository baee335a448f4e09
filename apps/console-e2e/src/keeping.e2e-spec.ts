import type { Page } from 'playwright-core';
import { ConsolePage } from './harness/console-page';
import { eventually } from './harness/eventually';
import { fragmentOf } from './harness/share-fragment';
import { onPage, type Visit } from './harness/visit';

const OWN = '# mine\ndef main():\n    return "own"\n';
/** Each result takes about 200 kB, which no packing makes much smaller. */
const LARGE = `import random

def main():
    return "".join(random.choice("0123456789abcdefghijklmnopqrstuvwxyz") for _ in range(200_000))
`;

async function openTab(
  { context, pycell }: Visit,
  fragment = '',
): Promise<{ page: Page; pycell: ConsolePage }> {
  const page = await context.newPage();
  const tab = new ConsolePage(page, pycell.url);
  await tab.open(fragment);
  return { page, pycell: tab };
}

/** Autosave waits for typing to rest. */
async function scriptIsKept(page: Page, script: string): Promise<void> {
  await eventually(
    () => page.evaluate(() => sessionStorage.getItem('pycell.script') ?? ''),
    (saved) => saved.includes(JSON.stringify(script)),
  );
}

async function reload({ page, pycell }: Pick<Visit, 'page' | 'pycell'>): Promise<string> {
  await page.reload();
  await pycell.editorIsReady();
  return pycell.script();
}

async function historyOf(page: Page): Promise<string[]> {
  const history = page.getByRole('dialog', { name: 'History' });
  if ((await history.count()) === 0) await page.getByRole('button', { name: 'History', exact: true }).click();
  await history.getByRole('listitem').first().waitFor();
  return history.locator('.restore .title').allInnerTexts();
}

describe('two tabs', () => {
  it(
    'keep a script each, and a new one begins with what was written last',
    onPage(
      async (visit) => {
        await visit.pycell.write('# first tab\n');
        await scriptIsKept(visit.page, '# first tab\n');
        const second = await openTab(visit);
        expect(await second.pycell.script()).toBe('# first tab\n');
        await second.pycell.write('# second tab\n');
        await scriptIsKept(second.page, '# second tab\n');
        expect(await reload(visit)).toBe('# first tab\n');
        expect(await reload(second)).toBe('# second tab\n');
        const third = await openTab(visit);
        expect(await third.pycell.script()).toBe('# second tab\n');
      },
      { script: OWN },
    ),
  );

  it(
    'do not lose what was written in one for the link that is opened in the other',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await pycell.write('# still mine\n');
        await scriptIsKept(page, '# still mine\n');
        const second = await openTab(visit, await fragmentOf(page, '# of a link\n'));
        await second.page.getByText(/came from a shared link/).waitFor();
        await scriptIsKept(second.page, '# of a link\n');
        await page.close();
        const third = await openTab(visit);
        expect(await third.pycell.script()).toBe('# still mine\n');
      },
      { script: OWN },
    ),
  );
});

describe('a browser whose storage is full', () => {
  it(
    'is said not to keep the script',
    onPage(
      async ({ page, pycell, picture }) => {
        const notice = page.getByText(/^Not saved/);
        expect(await notice.count()).toBe(0);
        await page.evaluate(() => {
          Storage.prototype.setItem = () => {
            throw new DOMException('full', 'QuotaExceededError');
          };
        });
        await pycell.write('# not kept\n');
        await notice.waitFor();
        await picture('autosave-failed');
        await page.setViewportSize({ width: 360, height: 740 });
        await picture('autosave-failed-phone');
      },
      { script: OWN },
    ),
  );

  it(
    'has the newest runs in the history: the oldest make room',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await limitStorage(visit, 900_000);
        for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
          await pycell.write(`# run ${name}\n${LARGE}`);
          await pycell.run();
        }
        const titles = await historyOf(page);
        expect(titles[0]).toBe('run f');
        expect(titles).not.toContain('run a');
        expect(await page.getByText(/storage of this browser is full/).count()).toBe(0);
        await reload(visit);
        expect(await historyOf(page)).toEqual(titles);
      },
      { script: OWN },
    ),
  );

  it(
    'keeps the earlier runs where a new one is too large for it, and says so',
    onPage(
      async (visit) => {
        const { page, pycell, picture } = visit;
        await limitStorage(visit, 150_000);
        await pycell.run();
        await pycell.write(`# too large\n${LARGE}`);
        await pycell.run();
        expect(await historyOf(page)).toEqual(['too large', 'mine']);
        await page.getByText(/storage of this browser is full/).waitFor();
        await picture('history-storage-full');
        await reload(visit);
        expect(await historyOf(page)).toEqual(['mine']);
      },
      { script: OWN },
    ),
  );
});

/** Chromium asks what is left when it first writes, and again only after a while. */
async function limitStorage({ page, context, pycell }: Visit, quotaSize: number): Promise<void> {
  const devTools = await context.newCDPSession(page);
  await devTools.send('Storage.overrideQuotaForOrigin', { origin: pycell.url, quotaSize });
}
