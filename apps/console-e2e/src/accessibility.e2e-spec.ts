import type { Page } from 'playwright-core';
import { findViolationsInBothThemes } from './harness/accessibility';
import { leaveFiles } from './harness/left-files';
import { onPage, type Visit, type VisitOptions } from './harness/visit';

interface State {
  readonly name: string;
  readonly reach: (visit: Visit) => Promise<unknown>;
  readonly options?: VisitOptions;
}

const PHONE: VisitOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const RICH =
  'def main():\n    print("out")\n    return [{"name": "a", "n": 1, "x": 1.5}, {"name": "b", "n": 2, "x": None}]\n';

const FAILING = 'def main():\n    print("so far")\n    raise ValueError("no")\n';
const COLOURS = `def main():
    for n in [*range(30, 38), *range(90, 98)]:
        print(f"\\033[{n}mtext\\033[0m \\033[{n + 10}mground\\033[0m \\033[1;{n}mbold\\033[0m")
    print("\\033[2mfaint\\033[0m \\033[7minverse\\033[0m \\033[38;5;226myellow\\033[0m")
`;

const FORM = `from datetime import date
from typing import Literal, Optional
import pandas as pd


def main(
    unit: Literal["month", "year"],
    table: pd.DataFrame,
    start: date,
    count: int = 3,
    note: Optional[str] = None,
    sure: bool = True,
    tags: list[str] = [],
    **more,
):
    return unit
`;
const LEFT = [
  { name: 'a.svg', mediaType: 'image/svg+xml', content: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
  { name: 'b.csv', mediaType: 'text/csv', content: 'a,b\n1,2\n' },
  { name: 'c.txt', mediaType: 'text/plain', content: 'text' },
];

async function attachFile(page: Page): Promise<void> {
  const picker = page.locator('app-files-section input[type="file"]');
  await picker.setInputFiles([{ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('a') }]);
  await page.getByLabel('Name of file 1').waitFor();
}

async function runTwo({ pycell }: Visit, second: string): Promise<void> {
  await pycell.run();
  await pycell.write(second);
  await pycell.run();
}

async function pickTwo({ page }: Visit): Promise<void> {
  await page.getByRole('button', { name: 'History', exact: true }).click();
  const pick = page.getByRole('button', { name: /^Compare .+ of/ });
  await pick.nth(0).click();
  await pick.nth(1).click();
  await page.getByRole('button', { name: 'Compare', exact: true }).waitFor();
}

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
    name: 'when nothing is checked while typing',
    reach: async ({ page, pycell }) => {
      await page.route('**/*.wasm', (route) => route.abort());
      await pycell.open();
      await page.getByText('Not checked while typing').waitFor();
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
    options: { script: FAILING },
  },
  {
    name: 'with marks in the script',
    reach: async ({ pycell }) => {
      await pycell.marks(({ length }) => length === 2);
    },
    options: { script: 'import os\nx = eval("1")\ndef main(): pass\n' },
  },
  ...['Keyboard shortcuts', 'Examples', 'Settings'].map((name) => ({
    name: `with the dialog ${name}`,
    reach: async ({ page }: Visit) => {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('dialog', { name }).waitFor();
    },
  })),
  {
    name: 'with the settings and a wrong address',
    reach: async ({ page }) => {
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('textbox', { name: 'Address' }).fill('/nowhere');
      await page.getByRole('button', { name: 'Check and save' }).click();
      await page.getByText('Nothing was changed').waitFor();
    },
    options: { expected: [/\b404\b/] },
  },
  {
    name: 'with the history, and two runs picked',
    reach: async (visit) => {
      await runTwo(visit, FAILING);
      await pickTwo(visit);
    },
    options: { script: RICH },
  },
  {
    name: 'with two runs beside each other',
    reach: async (visit) => {
      await runTwo(visit, RICH.replace('1.5', '2.5'));
      await pickTwo(visit);
      await visit.page.getByRole('button', { name: 'Compare', exact: true }).click();
      const dialog = visit.page.getByRole('dialog', { name: 'Compare two runs' });
      await dialog.getByText('1 changed').waitFor();
      await dialog.locator('.view-line').first().waitFor();
    },
    options: { script: RICH },
  },
  {
    name: 'with a script of a shared link, and the question before it runs',
    reach: async ({ page, pycell }) => {
      await page.goto(`${pycell.url}/#script=1.S0lNU8hNzMzT0LTiUgCCotSS0qI8BUMuAA`);
      await page.getByText(/came from a shared link/).waitFor();
      await pycell.runButton.click();
      await page.getByRole('dialog', { name: /shared link/ }).waitFor();
    },
    options: { isOpened: false },
  },
  ...(['Tree', 'Table', 'Chart', 'Raw'] as const).map((view) => ({
    name: `with the result as ${view.toLowerCase()}`,
    reach: async ({ page, pycell }: Visit) => {
      await pycell.run();
      await pycell.view(view);
      await page.getByRole('tabpanel', { name: view }).waitFor();
    },
    options: { script: RICH },
  })),
  {
    name: 'with a form of inputs, and what is missing in it',
    reach: async ({ page, pycell }) => {
      await page.getByLabel('unit', { exact: true }).waitFor();
      for (const name of ['Standard input', 'Files', 'Limits'])
        await page.getByText(name, { exact: true }).click();
      await attachFile(page);
      await pycell.runButton.click();
      await page.getByText('unit is missing', { exact: false }).first().waitFor();
    },
    options: { script: FORM, viewport: { width: 1280, height: 1600 } },
  },
  {
    name: 'with a form of inputs, on a phone',
    reach: ({ page }) => page.getByLabel('unit', { exact: true }).waitFor(),
    options: { ...PHONE, script: FORM },
  },
  {
    name: 'with the inputs as JSON',
    reach: async ({ page }) => {
      await page.getByRole('tab', { name: 'JSON' }).click();
      await page.getByLabel('Inputs as JSON').fill('{');
      await page.getByRole('tab', { name: 'Form' }).click();
    },
    options: { script: FORM },
  },
  ...[undefined, PHONE].map((options) => ({
    name: `with files that a script left${options ? ', on a phone' : ''}`,
    reach: async ({ page, pycell }: Visit) => {
      await leaveFiles(page, LEFT);
      await pycell.run();
      await page.getByRole('img', { name: 'a.svg' }).waitFor();
    },
    options: { ...options, script: FAILING },
  })),
  ...['Enlarge a.svg', 'Preview b.csv', 'Preview c.txt'].map((name) => ({
    name: `with the dialog ${name}`,
    reach: async ({ page, pycell }: Visit) => {
      await leaveFiles(page, LEFT);
      await pycell.run();
      await page.getByRole('button', { name }).click();
      await page.getByRole('dialog').waitFor();
    },
    options: { script: FAILING },
  })),
  {
    name: 'with coloured output that is searched',
    reach: async ({ page, pycell }) => {
      await pycell.run();
      await pycell.printed();
      await page.getByRole('searchbox', { name: 'Find in stdout' }).fill('text');
      await pycell.result.getByText('1 of 16').waitFor();
    },
    options: { script: COLOURS },
  },
  {
    name: 'with coloured output, and where the time went',
    reach: async ({ page, pycell }) => {
      await pycell.run();
      await pycell.printed();
      await page.getByRole('button', { name: /^Timings/ }).click();
      await page.getByRole('table', { name: 'Where the time went' }).waitFor();
    },
    options: { script: COLOURS },
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
