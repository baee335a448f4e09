import type { Page } from 'playwright-core';
import { eventually } from './harness/eventually';
import { fragmentOf } from './harness/share-fragment';
import { onPage, type Visit } from './harness/visit';

const SHARED = '# größer als 😀\ndef main():\n    return "shared " + "result"\n';
const OWN = '# my own\ndef main():\n    return 1\n';

/** Links that open nothing, and what is said about each. */
const CORRUPT = [
  { name: 'cut off', fragment: (link: string) => link.slice(0, -12), says: /damaged/ },
  { name: 'changed on the way', fragment: (link: string) => `${link}!!`, says: /damaged/ },
  {
    name: 'of a newer console',
    fragment: (link: string) => link.replace('#script=1.', '#script=9.'),
    says: /newer console/,
  },
  { name: 'of something else', fragment: () => '#heading', says: /not a script link/ },
] as const;

/** Opens a link as a person does who has the page open already or not. */
async function follow({ page, pycell }: Visit, fragment: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${pycell.url}/${fragment}`);
  await pycell.editorIsReady();
}

/** Presses the keys that run, and goes back from the question that this must raise. */
async function asked({ page }: Visit): Promise<void> {
  const question = page.getByRole('dialog', { name: /Run a script from a shared link/ });
  await page.keyboard.press('Control+Enter');
  await question.getByRole('button', { name: 'Read it first' }).click();
  await question.waitFor({ state: 'detached' });
}

/** The focus is in the editor then. */
async function loadExample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Examples' }).click();
  await page.locator('[data-example="math"]').click();
  await eventually(
    () => page.evaluate(() => window.monaco?.editor.getModels()[0]?.getValue() ?? ''),
    (script) => script.includes('primes'),
  );
}

function noteExecutions(page: Page): string[] {
  const executions: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/execute')) executions.push(request.postData() ?? '');
  });
  return executions;
}

describe('a share link', () => {
  let link = '';

  it(
    'is copied by the button, and holds the script in its fragment only',
    onPage(
      async ({ page, pycell }) => {
        await page.getByRole('button', { name: 'Copy link' }).click();
        link = await eventually(
          () => page.evaluate(() => navigator.clipboard.readText()),
          (text) => text.includes('#script='),
        );
        const url = new URL(link);
        expect(`${url.origin}${url.pathname}${url.search}`).toBe(`${pycell.url}/`);
        expect(url.hash).toBe(await fragmentOf(page, SHARED));
      },
      { script: SHARED },
    ),
  );

  it(
    'shows its script in a fresh browser, and asks before that runs',
    onPage(
      async (visit) => {
        const { page, pycell, picture } = visit;
        const requested: string[] = [];
        page.on('request', (request) => requested.push(request.url()));
        const executions = noteExecutions(page);
        await page.goto(link);
        await pycell.editorIsReady();
        await eventually(
          () => pycell.script(),
          (script) => script === SHARED,
        );
        expect(requested.filter((url) => url.includes('script='))).toEqual([]);
        expect(executions).toEqual([]);
        await picture('shared-link');
        await pycell.runButton.click();
        const question = page.getByRole('dialog', { name: /Run a script from a shared link/ });
        await question.waitFor();
        expect(executions).toEqual([]);
        await picture('shared-link-question');
        await question.getByRole('button', { name: 'Read it first' }).click();
        await question.waitFor({ state: 'detached' });
        expect(executions).toEqual([]);
        await page.keyboard.press('Control+Enter');
        await question.waitFor();
        await question.getByRole('button', { name: 'Run it' }).click();
        await pycell.resultText(/shared result/);
        expect(executions).toHaveLength(1);
        // The person has answered: it is not asked again.
        await pycell.run();
        await eventually(
          () => executions.length,
          (number) => number === 2,
        );
      },
      { isOpened: false },
    ),
  );

  it(
    'asks also after a reload, when the fragment has left the address',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        const executions = noteExecutions(page);
        await follow(visit, await fragmentOf(page, SHARED));
        await eventually(
          () => new URL(page.url()).hash,
          (hash) => hash === '',
        );
        await page.reload();
        await pycell.editorIsReady();
        expect(await pycell.script()).toBe(SHARED);
        await pycell.runButton.click();
        await page.getByRole('dialog', { name: /Run a script from a shared link/ }).waitFor();
        expect(executions).toEqual([]);
      },
      { isOpened: true },
    ),
  );

  it(
    'does not take away what was written before: undo brings it back',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await follow(visit, await fragmentOf(page, SHARED));
        await eventually(
          () => pycell.script(),
          (script) => script === SHARED,
        );
        await page.getByRole('button', { name: 'Undo' }).click();
        await eventually(
          () => pycell.script(),
          (script) => script === OWN,
        );
        // One's own script runs without a question.
        await pycell.run();
        expect(await page.getByRole('dialog').count()).toBe(0);
        await pycell.resultText(/\b1\b/);
      },
      { script: OWN },
    ),
  );

  it(
    'is asked about also when undo brings its script back, and not when undo brings back what was one’s own',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        const executions = noteExecutions(page);
        const notice = page.getByText(/came from a shared link/).last();
        const isScript = (script: string): Promise<string> =>
          eventually(
            () => pycell.script(),
            (text) => text === script,
          );
        await page.evaluate((fragment) => (location.hash = fragment), await fragmentOf(page, SHARED));
        await isScript(SHARED);
        await page.getByRole('button', { name: 'Undo' }).click();
        await isScript(OWN);
        await page.keyboard.press('Control+Z');
        await isScript(SHARED);
        await asked(visit);
        await loadExample(page);
        await notice.waitFor({ state: 'detached' });
        await page.keyboard.press('Control+Z');
        await isScript(SHARED);
        await notice.waitFor();
        await asked(visit);
        await page.keyboard.press('Control+Z');
        await isScript(OWN);
        expect(executions).toEqual([]);
        await page.keyboard.press('Control+Enter');
        await pycell.resultText(/\b1\b/);
        await pycell.editor.focus();
        await page.keyboard.press('Control+Y');
        await isScript(SHARED);
        await asked(visit);
        expect(executions).toHaveLength(1);
      },
      { script: OWN },
    ),
  );

  it(
    'is asked about also when the history brings back what was made of its script, after a reload',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await page.evaluate((fragment) => (location.hash = fragment), await fragmentOf(page, SHARED));
        await page.getByText(/came from a shared link/).waitFor();
        await pycell.editor.focus();
        await page.keyboard.press('Control+End');
        await page.keyboard.type('# changed');
        await loadExample(page);
        await page.reload();
        await pycell.editorIsReady();
        await page.getByRole('button', { name: 'History', exact: true }).click();
        await page
          .getByRole('button', { name: /größer als/ })
          .first()
          .click();
        await page.getByText(/came from a shared link/).waitFor();
        await pycell.editor.focus();
        await asked(visit);
      },
      { script: OWN },
    ),
  );

  it(
    'waits for no API: a long one opens while the API has not answered',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        const long = `# ${Array.from({ length: 12_000 }, (_, index) => (index * 7_919).toString(36)).join(' ')}\n`;
        await page.route('**/api/', () => undefined);
        await follow(visit, await fragmentOf(page, long));
        await eventually(
          () => pycell.script(),
          (script) => script === long,
        );
        await pycell.runButton.click();
        const question = page.getByRole('dialog', { name: /Run a script from a shared link/ });
        await question.getByText(/It is not known whether this API isolates scripts/).waitFor();
        await visit.picture('shared-link-unknown-api');
      },
      { script: OWN },
    ),
  );

  it.each(CORRUPT)('that is $name is said to be so, and leaves the script as it was', async (corrupt) => {
    await onPage(
      async (visit) => {
        const { page, pycell, picture } = visit;
        await follow(visit, corrupt.fragment(await fragmentOf(page, SHARED)));
        await page.getByText(corrupt.says).first().waitFor();
        expect(await pycell.script()).toBe(OWN);
        // It may be opened by a reload, or read by somebody who can mend it.
        expect(new URL(page.url()).hash).not.toBe('');
        await picture(`link-${corrupt.name.replaceAll(' ', '-')}`);
      },
      { script: OWN },
    )();
  });

  it(
    'that unpacks to more than a script may be is not opened',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await follow(visit, await fragmentOf(page, '#'.repeat(30_000_000)));
        await page.getByText(/more than a script may be/).waitFor();
        expect(await pycell.script()).toBe(OWN);
      },
      { script: OWN },
    ),
  );
});
