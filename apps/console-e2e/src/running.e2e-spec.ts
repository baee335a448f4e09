import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { eventually } from './harness/eventually';
import { startApi, startConsole } from './harness/pycell';
import type { ServiceProcess } from './harness/service-process';
import { onPage } from './harness/visit';

const SLOW = 'import time\n\ndef main():\n    time.sleep(9)\n    return "late"\n';
const QUICK = 'def main():\n    return 6 * 7\n';

describe('a run', () => {
  it(
    'of the script that a newcomer finds shows what it returned and what it printed',
    onPage(async ({ pycell, picture }) => {
      await picture('first-visit');
      await pycell.run();
      await pycell.result.getByRole('treeitem', { name: /^total : 55$/ }).waitFor();
      await picture('finished');
      expect(JSON.parse(await pycell.rawResult())).toEqual({ squares: [1, 4, 9, 16, 25], total: 55 });
      expect(await pycell.printed()).toContain('Squares of 1 2 3 4 5');
    }),
  );

  it(
    'starts by Ctrl+Enter in the editor, which gets no new line from it',
    onPage(
      async ({ page, pycell }) => {
        await pycell.editor.focus();
        await page.keyboard.press('Control+Enter');
        await pycell.resultText(/\b42\b/);
        expect(await pycell.script()).toBe(QUICK);
      },
      { script: QUICK },
    ),
  );

  it(
    'starts by Ctrl+Enter from anywhere in the page',
    onPage(
      async ({ page, pycell }) => {
        await page.getByRole('button', { name: 'Keyboard shortcuts' }).focus();
        await page.keyboard.press('Control+Enter');
        await pycell.resultText(/\b42\b/);
      },
      { script: QUICK },
    ),
  );

  it(
    'does not need the full editor to be loaded',
    onPage(
      async ({ page, pycell }) => {
        // Monaco's code, and nothing else, does not arrive.
        await page.route('**/monaco.css', () => delay(0));
        await page.goto(pycell.url);
        const plain = page.getByRole('textbox', { name: 'Python script', exact: true });
        await plain.fill('def main():\n    return "plain " + "text"\n');
        await plain.press('Control+Enter');
        await pycell.resultText(/plain text/);
      },
      { isOpened: false },
    ),
  );

  it(
    'is announced to those who hear the page',
    onPage(
      async ({ page, pycell }) => {
        await pycell.run();
        const spoken = page.locator('.cdk-live-announcer-element');
        await eventually(
          () => spoken.innerText(),
          (text) => /^Finished in .* milliseconds\. The result is ready\.$/.test(text),
        );
        expect(await spoken.getAttribute('aria-live')).toBe('polite');
      },
      { script: QUICK },
    ),
  );

  it(
    'shows what looks like HTML as the text that it is',
    onPage(
      async ({ page, pycell }) => {
        await pycell.run();
        const hasMarkup = async (): Promise<boolean> =>
          (await pycell.result.locator('img, script, b').count()) > 0;
        await pycell.resultText(/<img/);
        expect(await hasMarkup()).toBe(false);
        await pycell.view('Table');
        expect(await pycell.resultText(/onerror=alert\(2\)/)).toContain('<i>cell</i>');
        expect(await hasMarkup()).toBe(false);
        expect(await pycell.rawResult()).toContain('<img src=x onerror=alert(2)>');
        const printed = await pycell.printed();
        expect(printed).toContain('<script>document.title = "taken"</script>');
        expect(printed).toContain('<b>bold</b>');
        expect(await hasMarkup()).toBe(false);
        expect(await page.title()).toBe('pycell: run Python');
      },
      {
        script: [
          'def main():',
          '    print(\'<script>document.title = "taken"</script>\')',
          '    print("<b>bold</b>")',
          '    return [{"<img src=x onerror=alert(1)>": "<img src=x onerror=alert(2)>", "n": "<i>cell</i>"}] * 2',
          '',
        ].join('\n'),
      },
    ),
  );
});

describe('a long run', () => {
  let api: ServiceProcess;
  let server: ServiceProcess;

  beforeAll(async () => {
    // One place and no queue: whether a run goes on is seen by whether another one is let in.
    api = await startApi({ MAX_CONCURRENCY: '1', MAX_QUEUE: '0' });
    server = await startConsole(api);
  });

  afterAll(async () => {
    await server.stop();
    await api.stop();
  });

  async function statusOfAnotherRun(): Promise<number> {
    const { status } = await fetch(`${api.url}${API_PATHS.execute}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ script: QUICK }),
    });
    return status;
  }

  const options = { consoleUrl: () => server.url, script: SLOW };

  it(
    'tells how long it has been running, and ends by Escape, which frees its place at once',
    onPage(async ({ page, pycell, picture }) => {
      await pycell.editor.focus();
      await page.keyboard.press('Control+Enter');
      const elapsed = page.getByRole('timer', { name: 'Elapsed' });
      await eventually(
        () => elapsed.innerText(),
        (text) => Number.parseFloat(text) >= 0.4,
      );
      expect(await statusOfAnotherRun()).toBe(503);
      await picture('running');
      await page.keyboard.press('Escape');
      await pycell.resultText(/Cancelled/);
      await eventually(statusOfAnotherRun, (status) => status === 200, 1_000);
      await picture('cancelled');
    }, options),
  );

  it(
    'ends when another script is loaded, and nothing of it is shown beside that one',
    onPage(async ({ page, pycell }) => {
      await pycell.runButton.click();
      await eventually(statusOfAnotherRun, (status) => status === 503);
      await page.getByRole('button', { name: 'Examples' }).click();
      await page.locator('[data-example="math"]').click();
      await page.getByText(/The run in progress was cancelled/).waitFor();
      await pycell.resultText(/This script has not run yet/);
      await eventually(statusOfAnotherRun, (status) => status === 200, 1_000);
      await pycell.run();
      await pycell.resultText(/primes/);
      await page.getByRole('button', { name: 'History', exact: true }).click();
      await page.getByRole('dialog', { name: 'History' }).getByText('Cancelled').waitFor();
    }, options),
  );

  it(
    'ends by the button, which gives the focus back to Run',
    onPage(async ({ page, pycell }) => {
      await pycell.runButton.click();
      await pycell.cancelButton.click();
      await pycell.resultText(/Cancelled/);
      expect(await pycell.cancelButton.count()).toBe(0);
      expect(await page.evaluate(() => document.activeElement?.textContent.trim())).toMatch(/^Run/);
      await eventually(statusOfAnotherRun, (status) => status === 200, 1_000);
    }, options),
  );

  it(
    'ends when the page is left',
    onPage(async ({ page, pycell }) => {
      await pycell.runButton.click();
      await pycell.cancelButton.waitFor();
      expect(await statusOfAnotherRun()).toBe(503);
      await page.goto('about:blank');
      await eventually(statusOfAnotherRun, (status) => status === 200, 2_000);
    }, options),
  );

  it(
    'is not started a second time while it goes on, and leaves the editor free',
    onPage(async ({ page, pycell }) => {
      await pycell.runButton.click();
      await pycell.cancelButton.waitFor();
      await page.keyboard.press('Control+Enter');
      // It says that it is disabled, for which Playwright would wait.
      await pycell.runButton.click({ force: true });
      await pycell.write(QUICK);
      await pycell.cancelButton.click();
      await pycell.resultText(/Cancelled/);
      await eventually(statusOfAnotherRun, (status) => status === 200, 1_000);
      await pycell.run();
      await pycell.resultText(/\b42\b/);
    }, options),
  );

  it(
    'of somebody else that takes the last place shows that the service is busy, and when to try again',
    onPage(
      async ({ pycell, picture }) => {
        const other = new AbortController();
        const otherRun = await fetch(`${api.url}${API_PATHS.execute}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
          body: JSON.stringify({ script: SLOW }),
          signal: other.signal,
        });
        try {
          expect(otherRun.status).toBe(200);
          // Its first event: it has the place.
          await otherRun.body?.getReader().read();
          expect(await statusOfAnotherRun()).toBe(503);
          await pycell.run();
          const shown = await pycell.resultText(/busy/i);
          expect(shown).toMatch(/run it again in \d+ seconds?\b/i);
          expect(shown).not.toMatch(/503|SANDBOX_BUSY/);
          await picture('busy');
        } finally {
          other.abort();
        }
        await eventually(statusOfAnotherRun, (status) => status === 200);
        await pycell.run();
        await pycell.resultText(/\b42\b/);
      },
      { ...options, script: QUICK },
    ),
  );
});
