import type { Locator, Page } from 'playwright-core';
import { download } from './harness/download';
import { eventually } from './harness/eventually';
import { onPage } from './harness/visit';

const NESTED = `def main():
    print("printed")
    return {
        "big": 12345678901234567890123456789,
        "exact": 0.1,
        "whole": 1.0,
        "deep": {"list": [{"needle": "hay"}, {"needle": "stack"}]},
        "text": "line one\\nline two",
    }
`;

const RECORDS = `def main():
    return [
        {"name": "Linus", "points": 41, "id": 90071992547409931},
        {"name": "ada", "points": 93, "id": 90071992547409933},
        {"name": "Grace, Hopper", "points": None, "id": 90071992547409932},
        {"name": "=1+1", "points": 9, "id": 5},
    ]
`;

function cells(page: Page, column: number): Promise<string[]> {
  return page
    .getByRole('table', { name: 'Result' })
    .locator(`tbody tr[aria-rowindex] > :nth-child(${column + 1})`)
    .allInnerTexts();
}

/** How many colours a picture has: one that has not been drawn has one. */
function countColours(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const pixels = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
    return new Set(new Uint32Array((pixels ?? new Uint8ClampedArray()).buffer)).size;
  });
}

describe('a returned value', () => {
  it(
    'is a tree that opens, closes, keeps all digits and copies',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        const item = (name: RegExp): Locator => pycell.result.getByRole('treeitem', { name });
        await item(/^big : 12345678901234567890123456789$/).waitFor();
        await item(/^exact : 0\.1$/).waitFor();
        await item(/^whole : 1\.0$/).waitFor();
        await pycell.result.getByRole('button', { name: 'Collapse all' }).click();
        await item(/^needle/)
          .first()
          .waitFor({ state: 'detached' });
        await pycell.result.getByRole('button', { name: 'Expand all' }).click();
        await item(/^needle : "stack"$/).waitFor();
        await picture('tree');
        await pycell.result.getByRole('button', { name: 'Copy the result as JSON' }).click();
        const copied = await eventually(
          () => page.evaluate(() => navigator.clipboard.readText()),
          (text) => text.includes('needle'),
        );
        expect(copied).toMatch(/"big": 12345678901234567890123456789,\s+"exact": 0\.1,\s+"whole": 1\.0/);
      },
      { script: NESTED },
    ),
  );

  it(
    'is a tree that arrows walk through',
    onPage(
      async ({ page, pycell }) => {
        await pycell.run();
        const tree = pycell.result.getByRole('tree', { name: 'Return value' });
        await tree.focus();
        const active = async (): Promise<string> => {
          const id = await tree.getAttribute('aria-activedescendant');
          return id === null ? '' : page.locator(`[id="${id}"]`).innerText();
        };
        await page.keyboard.press('Home');
        await page.keyboard.press('ArrowLeft');
        await eventually(
          () => tree.getByRole('treeitem').count(),
          (count) => count === 1,
        );
        await page.keyboard.press('ArrowRight');
        await page.keyboard.press('ArrowDown');
        await eventually(active, (text) => text.startsWith('big'));
        await page.keyboard.press('End');
        await eventually(active, (text) => text.startsWith('text'));
      },
      { script: NESTED },
    ),
  );

  it(
    'is searched through keys and values, closed parts too',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        await pycell.result.getByRole('button', { name: 'Collapse all' }).click();
        const field = pycell.result.getByRole('searchbox', { name: 'Find in the result' });
        await field.fill('stack');
        await pycell.result.getByText('1 of 1').waitFor();
        await pycell.result.getByRole('treeitem', { name: /^needle : "stack"$/ }).waitFor();
        await picture('tree-search');
        await field.fill('NEEDLE');
        await pycell.result.getByText('1 of 2').waitFor();
        await page.keyboard.press('Enter');
        await pycell.result.getByText('2 of 2').waitFor();
        await field.fill('nowhere to be found');
        await pycell.result.getByText('No match').waitFor();
      },
      { script: NESTED },
    ),
  );

  it(
    'is raw JSON with every digit, and a file of it',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        expect(await pycell.rawResult()).toContain('"big": 12345678901234567890123456789');
        await picture('raw');
        const { name, text } = await download(
          page,
          pycell.result.getByRole('button', { name: 'Download as JSON' }),
        );
        expect(name).toBe('result.json');
        expect(text).toMatch(/"whole": 1\.0/);
        expect(JSON.parse(text)).toMatchObject({ deep: { list: [{ needle: 'hay' }, { needle: 'stack' }] } });
      },
      { script: NESTED },
    ),
  );

  it(
    'that is a list of records is a table, which sorts by numbers and by words',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        await eventually(
          () => cells(page, 1),
          (names) => names.join() === 'Linus,ada,Grace, Hopper,=1+1',
        );
        const header = (name: string): Locator => page.getByRole('columnheader', { name });
        await header('points').getByRole('button').click();
        await eventually(
          () => cells(page, 2),
          (points) => points.join() === '9,41,93,null',
        );
        expect(await header('points').getAttribute('aria-sort')).toBe('ascending');
        await picture('table');
        await header('points').getByRole('button').click();
        await eventually(
          () => cells(page, 2),
          (points) => points.slice(0, 3).join() === '93,41,9',
        );
        // Numbers beyond the precision of JavaScript differ in their last digit only.
        await header('id').getByRole('button').click();
        await eventually(
          () => cells(page, 3),
          (ids) => ids.join() === '5,90071992547409931,90071992547409932,90071992547409933',
        );
        await header('name').getByRole('button').click();
        await eventually(
          () => cells(page, 1),
          (names) => names.join() === '=1+1,ada,Grace, Hopper,Linus',
        );
      },
      { script: RECORDS },
    ),
  );

  it(
    'that is a table is saved as CSV in the order shown, with all digits, and without formulas',
    onPage(
      async ({ page, pycell }) => {
        await pycell.run();
        await page.getByRole('columnheader', { name: 'points' }).getByRole('button').click();
        const { name, text } = await download(page, pycell.result.getByRole('button', { name: /CSV/ }));
        expect(name).toBe('result.csv');
        expect(text.split('\r\n')).toEqual([
          '\ufeffname,points,id',
          "'=1+1,9,5",
          'Linus,41,90071992547409931',
          'ada,93,90071992547409933',
          '"Grace, Hopper",,90071992547409932',
          '',
        ]);
      },
      { script: RECORDS },
    ),
  );

  it(
    'with numeric columns is drawn as lines, bars and points, and told in words',
    onPage(
      async ({ pycell, picture }) => {
        await pycell.run();
        await pycell.view('Chart');
        const canvas = pycell.result.getByRole('img', { name: /chart/i });
        await canvas.waitFor();
        await eventually(
          () => countColours(canvas),
          (colours) => colours > 10,
        );
        expect(await canvas.getAttribute('aria-label')).toMatch(/square from 0 to 841/);
        for (const kind of ['Bar', 'Scatter', 'Line']) {
          await pycell.result.getByRole('button', { name: kind, exact: true }).click();
          await eventually(
            () => canvas.getAttribute('aria-label'),
            (summary) => summary?.startsWith(`${kind} chart`) === true,
          );
          await picture(`chart-${kind.toLowerCase()}`);
        }
      },
      { script: 'def main():\n    return [{"n": n, "square": n * n} for n in range(30)]\n' },
    ),
  );

  it(
    'that is None says so, and that what was printed stands elsewhere',
    onPage(
      async ({ pycell }) => {
        await pycell.run();
        await pycell.resultText(/returned nothing/);
      },
      { script: 'def main():\n    pass\n' },
    ),
  );

  it(
    'that is a text reads as one, with its line ends',
    onPage(
      async ({ pycell }) => {
        await pycell.run();
        const shown = await pycell.result.getByRole('region', { name: 'Returned text' }).innerText();
        expect(shown.replaceAll('\u00a0', ' ')).toMatch(/one "quoted"\n+two/);
      },
      { script: 'def main():\n    return "one \\"quoted\\"\\ntwo"\n' },
    ),
  );
});
