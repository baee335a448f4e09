import { transitionsHaveEnded } from './harness/accessibility';
import { eventually } from './harness/eventually';
import { onPage, type Visit, type VisitOptions } from './harness/visit';

/** The README shows what is kept here: docs/images has copies. */
function portrait(colorScheme: 'light' | 'dark'): VisitOptions {
  return { viewport: { width: 1440, height: 900 }, colorScheme, reducedMotion: 'reduce' };
}

/** Runs the example as a person does. */
async function runPandas({ page, pycell }: Visit): Promise<void> {
  await page.getByRole('button', { name: 'Examples', exact: true }).click();
  await page.locator('[data-example="pandas"]').click();
  await page.keyboard.press('Control+Enter');
  await pycell.resultText(/2024-12/);
}

async function withoutNotices({ page }: Visit): Promise<void> {
  for (const dismiss of await page.getByRole('button', { name: 'Dismiss' }).all()) await dismiss.click();
  await page.mouse.move(0, 0);
  await transitionsHaveEnded(page);
}

describe('a DataFrame', () => {
  it(
    'is drawn as a chart of the columns that one chooses',
    onPage(async (visit) => {
      const { pycell, picture } = visit;
      await runPandas(visit);
      await pycell.view('Chart');
      const chart = pycell.result.getByRole('img', { name: /chart/i });
      await pycell.result
        .getByRole('group', { name: 'Series' })
        .getByRole('button', { name: 'revenue' })
        .click();
      await eventually(
        () => chart.getAttribute('aria-label'),
        (summary) => /books[\s\S]*games/.test(summary ?? '') && !summary?.includes('revenue'),
      );
      await withoutNotices(visit);
      await picture('console-light');
    }, portrait('light')),
  );
});

describe('a figure', () => {
  it(
    'is drawn from what one types into a form',
    onPage(async (visit) => {
      const { page, pycell, picture } = visit;
      await page.getByRole('button', { name: 'Examples', exact: true }).click();
      await page.locator('[data-example="figure"]').click();
      await page.getByLabel('damping', { exact: true }).fill('0.25');
      await page.keyboard.press('Control+Enter');
      await pycell.result.getByRole('img', { name: /^figure-1/ }).waitFor();
      await withoutNotices(visit);
      await picture('console-dark');
    }, portrait('dark')),
  );
});
