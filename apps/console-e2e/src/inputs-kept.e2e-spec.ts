import type { Locator } from 'playwright-core';
import { catchCopies, copiedText } from './harness/copied-text';
import { eventually } from './harness/eventually';
import { fragmentOf } from './harness/share-fragment';
import { onPage, type Visit } from './harness/visit';

const SCRIPT = 'def main(city: str, days: int = 7):\n    return {"city": city, "days": days}\n';
const HUGE = String(2n ** 70n);

const field = ({ page }: Pick<Visit, 'page'>, name: string): Locator =>
  page.getByLabel(name, { exact: true });

async function fill(visit: Visit): Promise<void> {
  await field(visit, 'city').fill('Oslo');
  await field(visit, 'days').fill(HUGE);
  await visit.page.getByText('Standard input', { exact: true }).click();
  await field(visit, 'Standard input').fill('line\n');
}

async function expectFilled(visit: Visit): Promise<void> {
  await eventually(
    () => field(visit, 'city').inputValue(),
    (value) => value === 'Oslo',
  );
  expect(await field(visit, 'days').inputValue()).toBe(HUGE);
  expect(await field(visit, 'Standard input').inputValue()).toBe('line\n');
}

describe('inputs', () => {
  it(
    'are kept with the script, over a reload',
    onPage(
      async (visit) => {
        await fill(visit);
        await eventually(
          () => visit.page.evaluate(() => sessionStorage.getItem('pycell.script') ?? ''),
          (saved) => saved.includes('line\\n'),
        );
        await visit.page.reload();
        await visit.pycell.editorIsReady();
        await expectFilled(visit);
      },
      { script: SCRIPT },
    ),
  );

  it(
    'lie in the history, come back with the script, and undo takes that back',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await fill(visit);
        await pycell.run();
        await pycell.write('def main(other):\n    return other\n');
        await field(visit, 'other').fill('mine');
        await page.getByRole('button', { name: 'History', exact: true }).click();
        const entry = page.getByRole('dialog', { name: 'History' }).getByRole('listitem').first();
        await entry.getByRole('button').first().click();
        await expectFilled(visit);
        await page.getByRole('button', { name: 'Undo' }).click();
        await eventually(
          () => field(visit, 'other').inputValue(),
          (value) => value === 'mine',
        );
        expect(await pycell.script()).toContain('main(other)');
      },
      { script: SCRIPT },
    ),
  );

  it(
    'go along in a link, which old ones do not have',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await catchCopies(page);
        await pycell.open();
        await fill(visit);
        await page.getByLabel('Mode').selectOption({ label: 'Function: main()' });
        await page.getByRole('button', { name: 'Copy link' }).click();
        await page.getByText(/Whoever has it can read the script and its inputs/).waitFor();
        const link = await copiedText(page);
        expect(link).toMatch(/#script=2\./);
        await page.evaluate(() => {
          localStorage.clear();
          sessionStorage.clear();
        });
        await page.goto('about:blank');
        await page.goto(link);
        await pycell.editorIsReady();
        await expectFilled(visit);
        const old = await fragmentOf(page, SCRIPT);
        await page.goto('about:blank');
        await page.goto(`${pycell.url}/${old}`);
        await pycell.editorIsReady();
        await page.getByText(/came from a shared link/).waitFor();
        expect(await field(visit, 'city').inputValue()).toBe('');
      },
      { script: SCRIPT, isOpened: false },
    ),
  );

  it(
    'come with an example, and run as they are',
    onPage(async (visit) => {
      const { page, pycell } = visit;
      await page.getByRole('button', { name: 'Examples', exact: true }).click();
      await page.locator('[data-example="inputs"]').click();
      await eventually(
        () => field(visit, 'amount').inputValue(),
        (value) => value === '250000',
      );
      await page.keyboard.press('Control+Enter');
      await pycell.resultText(/instalment/);
    }),
  );
});
