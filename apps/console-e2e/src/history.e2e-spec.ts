import type { Locator } from 'playwright-core';
import { eventually } from './harness/eventually';
import { onPage, type Visit } from './harness/visit';

const FIRST = '# first\ndef main():\n    return {"a": 1, "same": True}\n';
const SECOND = '# second\ndef main():\n    return {"a": 2, "same": True}\n';
const BROKEN = '# broken\ndef main():\n    return 1 / 0\n';

async function openHistory({ page }: Visit): Promise<Locator> {
  await page.getByRole('button', { name: 'History', exact: true }).click();
  const history = page.getByRole('dialog', { name: 'History' });
  await history.waitFor();
  return history;
}

async function runThree({ pycell }: Visit): Promise<void> {
  await pycell.run();
  await pycell.write(SECOND);
  await pycell.run();
  await pycell.write(BROKEN);
  await pycell.run();
  await pycell.resultText(/ZeroDivisionError/);
}

const entry = (history: Locator, name: RegExp): Locator =>
  history.getByRole('listitem').filter({ hasText: name });

describe('the history', () => {
  it(
    'has each run with what came of it, also after a reload, and the newest first',
    onPage(
      async (visit) => {
        await runThree(visit);
        await visit.page.reload();
        await visit.pycell.editorIsReady();
        const history = await openHistory(visit);
        const entries = await eventually(
          () => history.getByRole('listitem').allInnerTexts(),
          ({ length }) => length === 3,
        );
        expect(entries[0]).toMatch(/broken[\s\S]*exception/i);
        expect(entries[1]).toMatch(/second[\s\S]*Finished/);
        expect(entries[2]).toMatch(/first[\s\S]*Finished/);
        await visit.picture('history');
      },
      { script: FIRST },
    ),
  );

  it(
    'restores a script with its result, without running it, and undo brings back what was written since',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await runThree(visit);
        const executions: string[] = [];
        page.on('request', (request) => {
          if (request.url().endsWith('/execute')) executions.push(request.url());
        });
        await pycell.write('# not run yet\n');
        const history = await openHistory(visit);
        await entry(history, /first/).getByRole('button').first().click();
        await eventually(
          () => pycell.script(),
          (script) => script === FIRST,
        );
        await pycell.resultText(/same/);
        expect(executions).toEqual([]);
        await page.getByRole('button', { name: 'Undo' }).click();
        await eventually(
          () => pycell.script(),
          (script) => script === '# not run yet\n',
        );
      },
      { script: FIRST },
    ),
  );

  it(
    'shows two runs beside each other: what differs in results and scripts',
    onPage(
      async (visit) => {
        await runThree(visit);
        const history = await openHistory(visit);
        await entry(history, /first/)
          .getByRole('button', { name: /^Compare/ })
          .click();
        await entry(history, /second/)
          .getByRole('button', { name: /^Compare/ })
          .click();
        await history.getByRole('button', { name: 'Compare', exact: true }).click();
        const dialog = visit.page.getByRole('dialog', { name: 'Compare two runs' });
        await dialog.waitFor();
        const shown = await eventually(
          () => dialog.innerText(),
          (text) => /#\ssecond/.test(text),
        );
        expect(shown).toMatch(/\b1\b[\s\S]*\b2\b/);
        expect(shown).toMatch(/#\sfirst/);
        await visit.picture('compare');
      },
      { script: FIRST },
    ),
  );

  it(
    'deletes one run, which can be undone, and all after asking',
    onPage(
      async (visit) => {
        const { page } = visit;
        await runThree(visit);
        const history = await openHistory(visit);
        const count = (): Promise<number> => history.getByRole('listitem').count();
        await entry(history, /second/)
          .getByRole('button', { name: /^Delete/ })
          .click();
        await eventually(count, (number) => number === 2);
        expect(await entry(history, /second/).count()).toBe(0);
        await page.getByRole('button', { name: 'Undo' }).click();
        await eventually(count, (number) => number === 3);
        await history.getByRole('button', { name: 'Clear all' }).click();
        await history.getByRole('button', { name: 'Keep' }).click();
        expect(await count()).toBe(3);
        await history.getByRole('button', { name: 'Clear all' }).click();
        await history.getByRole('button', { name: 'Delete all' }).click();
        await eventually(count, (number) => number === 0);
        await page.reload();
        await visit.pycell.editorIsReady();
        const emptied = await openHistory(visit);
        await emptied.getByText(/Every run is kept here/).waitFor();
        expect(await emptied.getByRole('listitem').count()).toBe(0);
      },
      { script: FIRST },
    ),
  );

  it(
    'finds runs by what is in their scripts and outcomes',
    onPage(
      async (visit) => {
        await runThree(visit);
        const history = await openHistory(visit);
        const search = history.getByRole('searchbox', { name: 'Search the history' });
        await search.fill('second');
        await eventually(
          () => history.getByRole('listitem').count(),
          (number) => number === 1,
        );
        await search.fill('no such thing');
        await history.getByText(/No run has/).waitFor();
      },
      { script: FIRST },
    ),
  );
});
