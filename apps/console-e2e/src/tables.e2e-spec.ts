import { download } from './harness/download';
import { eventually } from './harness/eventually';
import { onPage } from './harness/visit';

const FRAME = `import pandas as pd

def main():
    days = [f"day {n % 7}" for n in range(2000)]
    return {"about": {"frame": pd.DataFrame({"n": range(2000), "day": days, "share": [n / 7 for n in range(2000)]})}}
`;
const PLAIN = FRAME.replace('{"about": {"frame": ', '').replace('})}}', '})');

describe('a table', () => {
  it(
    'is found in objects, too',
    onPage(
      async ({ page, pycell }) => {
        await pycell.run();
        await pycell.view('Table');
        await page.getByRole('region', { name: 'Result table' }).getByText('day 3').first().waitFor();
        expect(await pycell.result.innerText()).toContain('2,000 rows');
      },
      { script: FRAME },
    ),
  );

  it(
    'has types, one form for its numbers, a search that goes to each match, and a copy for spreadsheets',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        const table = page.getByRole('region', { name: 'Result table' });
        await table.waitFor();
        const headings = await table.getByRole('columnheader').allInnerTexts();
        expect(headings.map((text) => text.replace(/\s+/g, ' ').trim())).toEqual([
          'Row',
          'n int',
          'day text',
          'share float',
        ]);
        await table.getByText('0.14285714285714285').waitFor();
        await pycell.result.getByRole('button', { name: 'Write numbers in one form' }).click();
        await table.getByText('0.1429', { exact: true }).waitFor();
        await picture('table-formatted');

        await table.press('Control+F');
        await page.keyboard.type('1765', { delay: 40 });
        await pycell.result.getByText('1 of 1').waitFor();
        const current = table.locator('[data-match="current"]');
        await eventually(
          () => current.innerText(),
          (text) => text === '1765',
        );
        await picture('table-search');

        await pycell.result.getByRole('button', { name: 'Copy the table for a spreadsheet' }).click();
        const copied = await eventually(
          () => page.evaluate(() => navigator.clipboard.readText()),
          (text) => text.startsWith('n\t'),
        );
        expect(copied.split('\n').slice(0, 2)).toEqual(['n\tday\tshare', '0\tday 0\t0.0']);
        expect(copied.split('\n')).toHaveLength(2_001);
        const { text } = await download(page, pycell.result.getByRole('button', { name: /Download as CSV/ }));
        expect(text.split('\r\n')[2]).toBe('1,day 1,0.14285714285714285');
      },
      { script: PLAIN },
    ),
  );

  it(
    'goes to what is pasted into its search',
    onPage(
      async ({ page, pycell }) => {
        await pycell.run();
        const table = page.getByRole('region', { name: 'Result table' });
        await table.waitFor();
        await page.evaluate(() => navigator.clipboard.writeText('1765'));
        await page.getByRole('searchbox', { name: 'Find in the table' }).focus();
        await page.keyboard.press('Control+V');
        await table.locator('[data-match="current"]').getByText('1765').waitFor();
      },
      { script: PLAIN },
    ),
  );
});

describe('a chart', () => {
  it(
    'draws numbers over the column that goes up, which is no series',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        await pycell.view('Chart');
        const axis = page.getByRole('combobox', { name: 'Horizontal axis' });
        await axis.waitFor();
        expect(await axis.locator('option:checked').innerText()).toBe('year');
        expect(await page.getByRole('group', { name: 'Series' }).getByRole('button').allInnerTexts()).toEqual(
          ['sold'],
        );
        await picture('chart-over-year');
      },
      { script: 'def main():\n    return [{"year": 2000 + n, "sold": n * n} for n in range(20)]\n' },
    ),
  );
});
