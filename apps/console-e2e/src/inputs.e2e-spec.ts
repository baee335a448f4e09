import type { Locator } from 'playwright-core';
import { dropFiles } from './harness/drop-files';
import { eventually } from './harness/eventually';
import { noteRuns } from './harness/run-bodies';
import { onPage, type Visit } from './harness/visit';

const TRAVEL = `def main(city: str, days: int = 7, rate: float = 1.5):
    return {"city": city, "days": days, "rate": rate}
`;
const KINDS = `from datetime import date
from typing import Literal, Optional


def main(
    unit: Literal["month", "year"],
    start: date,
    note: Optional[str] = None,
    sure: bool = True,
    tags: list[str] = [],
    anything=None,
):
    return [unit, str(start), note, sure, tags, anything]
`;
const TABLE = `import pandas as pd


def main(sales: pd.DataFrame):
    return {"total": int(sales["n"].sum()), "columns": list(sales.columns)}
`;
/** Beyond what a number of JavaScript holds. */
const HUGE = String(2n ** 70n);

const panel = ({ page }: Pick<Visit, 'page'>): Locator => page.locator('app-inputs-panel');
const field = ({ page }: Pick<Visit, 'page'>, name: string): Locator =>
  page.getByLabel(name, { exact: true });
const toggle = ({ page }: Pick<Visit, 'page'>): Locator => page.getByRole('button', { name: /^Inputs/ });

describe('the form of the inputs', () => {
  it(
    'follows from the signature of main, and what is typed arrives with every digit',
    onPage(
      async (visit) => {
        const runs = noteRuns(visit.page);
        await field(visit, 'city').fill('Oslo');
        await field(visit, 'days').fill(HUGE);
        await field(visit, 'rate').fill('1.0');
        expect(await field(visit, 'rate').getAttribute('placeholder')).toBe('1.5');
        await visit.picture('inputs');
        await visit.pycell.run();
        expect(runs[0]).toContain(`"inputs":{"city":"Oslo","days":${HUGE},"rate":1.0}`);
        const result = await visit.pycell.rawResult();
        expect(result).toContain(HUGE);
        expect(result).toContain('1.0');
      },
      { script: TRAVEL },
    ),
  );

  it(
    'leaves out what has a default',
    onPage(
      async (visit) => {
        const runs = noteRuns(visit.page);
        await field(visit, 'city').fill('Oslo');
        expect(await field(visit, 'days').getAttribute('placeholder')).toBe('7');
        await visit.pycell.run();
        expect(runs[0]).toContain('"inputs":{"city":"Oslo"}');
        expect(await visit.pycell.rawResult()).toContain('7');
      },
      { script: TRAVEL },
    ),
  );

  it(
    'names what is missing or wrong, goes there, and runs nothing before it is mended',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        const runs = noteRuns(page);
        await field(visit, 'days').fill('many');
        await pycell.runButton.click();
        const alert = panel(visit).getByRole('alert');
        await alert.getByText('city is missing. days must be a whole number.').waitFor();
        expect(await field(visit, 'city').evaluate((element) => element === document.activeElement)).toBe(
          true,
        );
        expect(await field(visit, 'city').getAttribute('aria-invalid')).toBe('true');
        await page.keyboard.type('Oslo');
        await field(visit, 'days').fill('2');
        expect(await alert.innerText()).toBe('');
        expect(runs).toEqual([]);
        await page.keyboard.press('Control+Enter');
        await pycell.resultText(/Oslo/);
      },
      { script: TRAVEL },
    ),
  );

  it(
    'has a field for each type',
    onPage(
      async (visit) => {
        await field(visit, 'unit').selectOption({ label: 'year' });
        await field(visit, 'start').fill('2024-02-29');
        expect(await field(visit, 'start').getAttribute('type')).toBe('date');
        expect(await field(visit, 'sure').isChecked()).toBe(true);
        await field(visit, 'sure').uncheck();
        await field(visit, 'tags').fill('["a", "b"]');
        await field(visit, 'anything').fill('plain words');
        await panel(visit).getByText('Sent as text.').waitFor();
        await visit.pycell.run();
        expect(JSON.parse(await visit.pycell.rawResult())).toEqual([
          'year',
          '2024-02-29',
          null,
          false,
          ['a', 'b'],
          'plain words',
        ]);
      },
      { script: KINDS },
    ),
  );

  it(
    'takes a CSV for a DataFrame, dropped or typed',
    onPage(
      async (visit) => {
        await dropFiles(field(visit, 'sales'), [{ name: 'sales.csv', content: 'day;n\nMon;20\nTue;22\n' }]);
        await panel(visit).getByText('2 rows: day (text), n (number)').waitFor();
        await visit.pycell.run();
        expect(JSON.parse(await visit.pycell.rawResult())).toEqual({ total: 42, columns: ['day', 'n'] });
        await field(visit, 'sales').fill('n\n1\n2,3\n');
        await visit.pycell.runButton.click();
        await panel(visit).getByRole('alert').getByText('sales is no CSV. Line 3 has 2 fields').waitFor();
      },
      { script: TABLE },
    ),
  );

  it(
    'is also one JSON text, which goes to and fro, and wins while it is shown',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await field(visit, 'city').fill('Oslo');
        await field(visit, 'days').fill(HUGE);
        await panel(visit).getByRole('tab', { name: 'JSON' }).click();
        const json = field(visit, 'Inputs as JSON');
        expect(await json.inputValue()).toBe(`{\n  "city": "Oslo",\n  "days": ${HUGE}\n}`);
        await json.fill('{"city": ');
        await panel(visit).getByRole('tab', { name: 'Form' }).click();
        await panel(visit)
          .getByText(/not a JSON object/)
          .waitFor();
        await pycell.runButton.click();
        await panel(visit)
          .getByRole('alert')
          .getByText(/^The inputs are not JSON/)
          .waitFor();
        await json.fill(`{"city": "Bergen", "days": ${HUGE}1}`);
        await page.keyboard.press('Control+Enter');
        await pycell.resultText(/Bergen/);
        expect(await pycell.rawResult()).toContain(`${HUGE}1`);
        await panel(visit).getByRole('tab', { name: 'Form' }).click();
        expect(await field(visit, 'city').inputValue()).toBe('Bergen');
        expect(await field(visit, 'days').inputValue()).toBe(`${HUGE}1`);
      },
      { script: TRAVEL },
    ),
  );

  it(
    'comes while main gets its parameters, and does not take room before',
    onPage(
      async (visit) => {
        await toggle(visit).waitFor();
        expect(await toggle(visit).getAttribute('aria-expanded')).toBe('false');
        const closed = await panel(visit).boundingBox();
        expect(closed?.height).toBeLessThan(40);
        await visit.pycell.write('def main(name):\n    return name\n');
        await field(visit, 'name').waitFor();
        await visit.pycell.write('def main():\n    return 1\n');
        await field(visit, 'name').waitFor({ state: 'hidden' });
        expect(await toggle(visit).getAttribute('aria-expanded')).toBe('false');
      },
      { script: 'def main():\n    return 1\n' },
    ),
  );

  it(
    'is a JSON text where the service is older and reads no signatures, without a word',
    onPage(
      async (visit) => {
        const asked: string[] = [];
        await visit.page.route('**/validate', (route) => {
          asked.push(route.request().postData() ?? '');
          return route.fulfill({ status: 404, json: { error: 'no', code: 'NOT_FOUND', requestId: 'r' } });
        });
        await visit.pycell.open();
        await eventually(
          () => Promise.resolve(asked.length),
          (count) => count > 0,
        );
        await toggle(visit).click();
        await field(visit, 'Inputs as JSON').fill('{"city": "Oslo"}');
        await visit.pycell.write(TRAVEL.replace('rate}', 'rate, "more": 1}'));
        await visit.pycell.run();
        expect(await visit.pycell.rawResult()).toContain('"more"');
        expect(asked).toHaveLength(1);
      },
      { script: TRAVEL, isOpened: false, expected: [/\b404\b/] },
    ),
  );
});

describe('what else a run is given', () => {
  it(
    'is standard input, for which input() is allowed',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await pycell.marks(({ length }) => length === 1);
        await toggle(visit).click();
        await page.getByText('Standard input', { exact: true }).click();
        await field(visit, 'Standard input').fill('Ada\n');
        await pycell.hasMarks();
        await pycell.run();
        expect(await pycell.rawResult()).toBe('"Hello Ada"');
      },
      { script: 'def main():\n    return f"Hello {input()}"\n' },
    ),
  );

  it(
    'is less time and memory, within what the service gives',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await toggle(visit).click();
        await page.getByText('Limits', { exact: true }).click();
        await field(visit, 'Time, ms').fill('999999');
        await pycell.runButton.click();
        await panel(visit)
          .getByRole('alert')
          .getByText(/^The time must be from 1 to/)
          .waitFor();
        await field(visit, 'Time, ms').fill('300');
        await page.keyboard.press('Control+Enter');
        await pycell.resultText(/300 ms|0\.3 s/);
      },
      { script: 'def main():\n    while True:\n        pass\n' },
    ),
  );
});

describe('the mode', () => {
  it(
    'runs the text as a program: no main is missed, inputs are global names, the last expression is the result',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await pycell.marks((marks) => marks.some(({ message }) => message.includes('main()')));
        await page.getByRole('button', { name: 'Wrap in main()' }).waitFor();
        await page.getByLabel('Mode').selectOption({ label: 'Script' });
        await pycell.hasMarks();
        expect(await page.getByRole('button', { name: 'Wrap in main()' }).count()).toBe(0);
        await toggle(visit).click();
        await field(visit, 'Global names as JSON').fill(`{"n": ${HUGE}}`);
        await pycell.run();
        expect(await pycell.rawResult()).toBe(String(2n ** 70n + 1n));
        await page.reload();
        await pycell.editorIsReady();
        expect(await page.getByLabel('Mode').inputValue()).toBe('script');
      },
      { script: 'n + 1\n' },
    ),
  );

  it(
    'shows with which status a program ended',
    onPage(
      async (visit) => {
        await visit.page.getByLabel('Mode').selectOption({ label: 'Script' });
        await visit.pycell.run();
        await visit.pycell.resultText(/Exit code: 3/);
      },
      { script: 'raise SystemExit(3)\n' },
    ),
  );
});
