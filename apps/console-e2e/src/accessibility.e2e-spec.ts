import { findViolationsInBothThemes } from './harness/accessibility';
import { onPage, type Visit, type VisitOptions } from './harness/visit';

interface State {
  readonly name: string;
  readonly reach: (visit: Visit) => Promise<unknown>;
  readonly options?: VisitOptions;
}

const PHONE: VisitOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const RICH =
  'def main():\n    print("out")\n    return [{"name": "a", "n": 1, "x": 1.5}, {"name": "b", "n": 2, "x": None}]\n';

const STATES: readonly State[] = [
  { name: 'on the first visit', reach: () => Promise.resolve() },
  {
    name: 'before the full editor is there',
    reach: async ({ page, pycell }) => {
      await page.route('**/monaco.css', () => undefined);
      await page.goto(pycell.url);
      await page.getByRole('textbox', { name: 'Python script', exact: true }).waitFor();
      await page.getByText(/^Python 3/).waitFor();
    },
    options: { isOpened: false },
  },
  {
    name: 'when the full editor could not be loaded',
    reach: async ({ page, pycell }) => {
      await page.route('**/monaco.css', (route) => route.abort());
      await page.goto(pycell.url);
      await page.getByText('The full editor could not be loaded').waitFor();
    },
    options: { isOpened: false, expected: [/ERR_FAILED/] },
  },
  {
    name: 'while a script runs',
    reach: async ({ pycell }) => {
      await pycell.runButton.click();
      await pycell.cancelButton.waitFor();
    },
    options: { script: 'import time\n\ndef main():\n    time.sleep(9)\n' },
  },
  {
    name: 'after a run',
    reach: async ({ pycell }) => {
      await pycell.run();
      await pycell.resultText(/name/);
    },
    options: { script: RICH },
  },
  {
    name: 'after a run, on a phone',
    reach: async ({ pycell }) => {
      await pycell.run();
      await pycell.resultText(/name/);
    },
    options: { ...PHONE, script: RICH },
  },
  {
    name: 'after a run that failed',
    reach: async ({ page, pycell }) => {
      await pycell.run();
      await pycell.resultText(/ValueError/);
      await page.locator('.failing-line').first().waitFor();
    },
    options: {
      script:
        'import sys\n\ndef main():\n    print("so far")\n    print("oh", file=sys.stderr)\n    raise ValueError("no")\n'
          .replace('import sys\n\n', '')
          .replace('    print("oh", file=sys.stderr)\n', ''),
    },
  },
  {
    name: 'with marks in the script',
    reach: async ({ pycell }) => {
      await pycell.marks(({ length }) => length === 2);
    },
    options: { script: 'import os\nx = eval("1")\ndef main(): pass\n' },
  },
  {
    name: 'with the shortcuts shown',
    reach: async ({ page }) => {
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    },
  },
];

describe('axe finds no violation, in the light and in the dark theme,', () => {
  it.each(STATES)('$name', async ({ reach, options }) => {
    await onPage(async (visit) => {
      await reach(visit);
      expect(await findViolationsInBothThemes(visit.page)).toEqual([]);
    }, options)();
  });
});
