import type { Page } from 'playwright-core';
import { onPage } from './harness/visit';

const BOTH = `def main():
    for n in range(4):
        print("line", n)
    return {"total": 4, "rows": [{"n": n, "square": n * n} for n in range(3)]}
`;
const MUCH = `def main():
    for n in range(500):
        print("line", n)
    return [{"n": n, "square": n * n} for n in range(200)]
`;
const FAILING = `def main():
    print("before the failure")
    return 1 / 0
`;

/** Where something stands, CSS pixels. */
async function boxOf(page: Page, name: string): Promise<{ y: number; height: number; x: number }> {
  const box = await page.getByRole('region', { name, exact: true }).boundingBox();
  if (!box) throw new Error(`${name} is not on the page`);
  return box;
}

describe('what was printed and what was returned', () => {
  it(
    'are seen together, the output above the result',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        const output = page.getByRole('region', { name: 'stdout' });
        await output.waitFor();
        expect(await output.innerText()).toContain('line 3');
        await pycell.result.getByText('total:').waitFor();
        expect(await pycell.result.getByRole('tab', { name: /^(stdout|stderr)/ }).count()).toBe(0);
        const { y, height } = await boxOf(page, 'stdout');
        const tree = await page.getByRole('tree').boundingBox();
        expect(y + height).toBeLessThanOrEqual(tree?.y ?? 0);
        // As high as four lines need, and no higher: the rest belongs to the result.
        expect(height).toBeLessThan(4 * 20 + 40);
        expect(height).toBeGreaterThanOrEqual(4 * 20);
        await picture('output-above-result');
      },
      { script: BOTH },
    ),
  );

  it(
    'share the height where both need much of it',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        await page.getByRole('region', { name: 'stdout' }).waitFor();
        await page.getByRole('region', { name: 'Result table' }).waitFor();
        const output = await boxOf(page, 'stdout');
        const table = await boxOf(page, 'Result table');
        expect(output.height).toBeGreaterThan(150);
        expect(table.height).toBeGreaterThan(150);
        expect(output.y + output.height).toBeLessThanOrEqual(table.y);
        await picture('output-and-table');
      },
      { script: MUCH },
    ),
  );

  it(
    'stand there as well with what went wrong',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        await pycell.resultText(/ZeroDivisionError/);
        expect(await page.getByRole('region', { name: 'stdout' }).innerText()).toContain(
          'before the failure',
        );
        await picture('output-above-error');
      },
      { script: FAILING },
    ),
  );

  it(
    'are tabs where the page is narrow',
    onPage(
      async ({ page, pycell }) => {
        await page.setViewportSize({ width: 420, height: 800 });
        await pycell.run();
        await pycell.result.getByRole('tab', { name: /^stdout/ }).click();
        expect(await page.getByRole('region', { name: 'stdout' }).innerText()).toContain('line 3');
        await pycell.result.getByRole('tab', { name: /^Result/ }).click();
        await pycell.result.getByText('total:').waitFor();
      },
      { script: BOTH },
    ),
  );

  it(
    'are those of the script as it was: an edit is said',
    onPage(
      async ({ page, pycell }) => {
        await pycell.run();
        const status = page.getByRole('group', { name: 'Status of the run' });
        await status.getByText('Finished').waitFor();
        expect(await status.getByText('edited since').count()).toBe(0);
        await pycell.editor.focus();
        await page.keyboard.type('#');
        await status.getByText('edited since').waitFor();
        await page.keyboard.press('Backspace');
        await status.getByText('edited since').waitFor({ state: 'detached' });
      },
      { script: BOTH },
    ),
  );
});
