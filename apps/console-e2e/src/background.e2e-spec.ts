import { findViolationsInBothThemes } from './harness/accessibility';
import { BackgroundApi } from './harness/background-api';
import { entryOf, openRuns, showRun, startButton, startInBackground } from './harness/background-runs';
import { eventually } from './harness/eventually';
import { findOverflow } from './harness/overflow';
import { startConsole } from './harness/pycell';
import type { ServiceProcess } from './harness/service-process';
import { sharedServices } from './harness/shared-services';
import { onPage, type Visit, type VisitOptions } from './harness/visit';

const SLOW = `# slow count
import time

def main():
    for n in range(12):
        print("line", n, flush=True)
        time.sleep(0.5)
    return {"counted": 2**70}
`;
const ENDLESS =
  '# endless\nimport time\n\ndef main():\n    print("at once", flush=True)\n    time.sleep(9)\n';
const BROKEN = '# broken\ndef main():\n    print("before")\n    return 1 / 0\n';
const MUCH =
  '# much\nimport time\n\ndef main():\n    for n in range(10_000):\n        print("line", n)\n    return "all"\n';

describe('a run in the background', () => {
  const api = new BackgroundApi(sharedServices().apiUrl);
  let server: ServiceProcess;

  beforeAll(async () => {
    await api.start();
    server = await startConsole(api);
  });

  beforeEach(() => api.reset());

  afterAll(async () => {
    await server.stop();
    await api.stop();
  });

  const visit = (body: (visit: Visit) => Promise<void>, options: VisitOptions = {}) =>
    onPage(body, { consoleUrl: () => server.url, script: SLOW, ...options });

  it(
    'goes on while the page is loaded again, is shown live, and its result is that of any run',
    visit(async (visit) => {
      const { page, pycell, picture } = visit;
      await startInBackground(visit);
      await page.reload();
      await pycell.editorIsReady();
      const list = await openRuns(visit);
      await entryOf(list, 'slow count')
        .getByText(/^(Running|Queued) · /)
        .waitFor();
      await showRun(list, 'slow count');
      await pycell.resultText(/line 2/);
      await pycell.result.getByText('Running…').waitFor();
      await picture('background-live');
      await pycell.resultText(/1180591620717411303424/);
      expect(await page.getByRole('region', { name: 'stdout' }).innerText()).toContain('line 11');
      await entryOf(list, 'slow count')
        .getByText(/^Finished · /)
        .waitFor();
      await entryOf(list, 'slow count')
        .getByText(/^Kept by the API until /)
        .waitFor();
      expect(new Set(api.starts.map(({ id }) => id)).size).toBe(1);
    }),
  );

  it(
    'is told of quietly when it ends while one does something else, and shown by the notice',
    visit(async (visit) => {
      const { page, pycell } = visit;
      await startInBackground(visit);
      await pycell.write('def main():\n    return "another"\n');
      await pycell.run();
      await pycell.resultText(/another/);
      await page.getByText(/^In the background: slow count: Finished/).waitFor();
      expect(await pycell.script()).toContain('another');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await pycell.resultText(/1180591620717411303424/);
      expect(await pycell.script()).toBe(SLOW);
      expect(await page.evaluate(() => Notification.permission)).not.toBe('granted');
    }),
  );

  it(
    'is heard on after a lost connection, from where it was',
    visit(
      async (visit) => {
        const { pycell, page } = visit;
        await startInBackground(visit);
        await showRun(await openRuns(visit), 'slow count');
        await pycell.resultText(/line 2/);
        // Whoever shows a run listens anew: a connection that tells nothing yet would not be lost, but refused.
        await eventually(
          () => api.tellingStreams,
          (count) => count === 1,
        );
        api.dropStreams();
        await pycell.resultText(/1180591620717411303424/);
        const printed = await page.getByRole('region', { name: 'stdout' }).innerText();
        expect(printed.match(/line 1\b/g)).toHaveLength(1);
        expect(api.resumedAt.some((id) => Number(id) > 1)).toBe(true);
      },
      { expected: [/ERR_INCOMPLETE_CHUNKED_ENCODING/] },
    ),
  );

  it(
    'is cancelled, and what it had printed is kept',
    visit(
      async (visit) => {
        const { pycell } = visit;
        await startInBackground(visit);
        const list = await openRuns(visit);
        await showRun(list, 'endless');
        await pycell.resultText(/at once/);
        await entryOf(list, 'endless')
          .getByRole('button', { name: /^Cancel/ })
          .click();
        await entryOf(list, 'endless')
          .getByText(/^Cancelled/)
          .waitFor();
        await pycell.resultText(/What it had printed by then is kept/);
        await entryOf(list, 'endless')
          .getByRole('button', { name: /^Remove/ })
          .click();
        await eventually(
          () => list.getByRole('listitem').count(),
          (count) => count === 0,
        );
      },
      { script: ENDLESS },
    ),
  );

  it(
    'that failed is shown with its problem and the line, and is in the history once',
    visit(
      async (visit) => {
        const { page, pycell } = visit;
        await startInBackground(visit);
        await page.getByRole('button', { name: 'Show', exact: true }).click();
        await pycell.resultText(/ZeroDivisionError/);
        await pycell.result.getByText('line 4').first().waitFor();
        await page.getByRole('button', { name: 'History', exact: true }).click();
        const history = page.getByRole('dialog', { name: 'History' });
        await history.getByText('broken').waitFor();
        expect(await history.getByRole('listitem').count()).toBe(1);
      },
      { script: BROKEN },
    ),
  );

  it(
    'is started once, though the answer to its start is lost',
    visit(
      async (visit) => {
        api.lostAnswers = 2;
        await startInBackground(visit);
        expect(api.starts).toHaveLength(3);
        expect(new Set(api.starts.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
        expect(new Set(api.starts.map(({ id }) => id)).size).toBe(1);
      },
      { script: BROKEN, expected: [/502/] },
    ),
  );

  it(
    'is told to be no longer kept where the API has forgotten it; the history still has what came of it',
    visit(
      async (visit) => {
        const { page, pycell } = visit;
        await startInBackground(visit);
        await page.getByText(/^In the background: broken/).waitFor();
        api.hasForgotten = true;
        const list = await openRuns(visit);
        await showRun(list, 'broken');
        await page.getByText(/^The API no longer keeps broken/).waitFor();
        await pycell.resultText(/ZeroDivisionError/);
        await entryOf(list, 'broken').getByText('No longer kept').waitFor();
        await entryOf(list, 'broken')
          .getByText(/the API was restarted/)
          .waitFor();
      },
      { script: BROKEN, expected: [/404/] },
    ),
  );

  it(
    'is told to be no longer kept on coming back',
    visit(
      async (visit) => {
        await startInBackground(visit);
        api.hasForgotten = true;
        await visit.page.reload();
        await visit.pycell.editorIsReady();
        await visit.page.getByText(/^The API no longer keeps slow count/).waitFor();
        const list = await openRuns(visit);
        await entryOf(list, 'slow count').getByText('No longer kept').waitFor();
      },
      { expected: [/404/] },
    ),
  );

  it(
    'is not offered by an API that has no such thing, which says why',
    visit(
      async ({ page, pycell }) => {
        api.isOlder = true;
        await pycell.open();
        await page.locator('button[aria-label="Run in background"][aria-disabled="true"]').waitFor();
        expect(await startButton(page).getAttribute('title')).toMatch(/runs nothing in the background/);
        await startButton(page).click({ force: true });
        await page
          .getByText(/^This API runs nothing in the background: it is of/)
          .last()
          .waitFor();
        expect(api.starts).toEqual([]);
      },
      { isOpened: false },
    ),
  );

  it(
    'that prints 10,000 lines is shown with all of them',
    visit(
      async (visit) => {
        const { page, pycell } = visit;
        await startInBackground(visit);
        await page.getByRole('button', { name: 'Show', exact: true }).click();
        await pycell.resultText(/all/);
        await page.getByText('10,000 lines').waitFor();
      },
      { script: MUCH },
    ),
  );

  it(
    'is started, listed and closed by the keyboard alone, without a fault for accessibility in both themes',
    visit(async (visit) => {
      const { page, pycell, picture } = visit;
      await pycell.editor.focus();
      await page.keyboard.press('Control+Shift+Enter');
      await page.getByText(/^Started in the background/).waitFor();
      await pycell.write(BROKEN);
      await page.keyboard.press('Control+Shift+Enter');
      await page.getByText(/^In the background: broken/).waitFor();
      await page.keyboard.press('Control+Shift+B');
      const list = page.getByRole('dialog', { name: 'Background runs' });
      await list.getByText(/^Running/).waitFor();
      await page.locator('button.open:focus').waitFor();
      expect(await findViolationsInBothThemes(page)).toEqual([]);
      await picture('background-dark');
      await page.emulateMedia({ colorScheme: 'light' });
      await picture('background-light');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await pycell.resultText(/1180591620717411303424|line \d/);
      await page.keyboard.press('Control+Shift+B');
      await list.waitFor({ state: 'detached' });
      await page.setViewportSize({ width: 375, height: 812 });
      await picture('background-narrow-page');
      await eventually(
        () => findOverflow(page),
        (found) => found.length === 0,
      );
      await page.getByRole('button', { name: /^Background (runs|\d)/ }).click();
      await list.waitFor();
      await picture('background-narrow');
      expect(await findViolationsInBothThemes(page)).toEqual([]);
    }),
  );
});
