import type { Locator, Page } from 'playwright-core';
import { eventually } from './harness/eventually';
import { startApi, startConsole } from './harness/pycell';
import type { ServiceProcess } from './harness/service-process';
import { onPage, type Visit } from './harness/visit';

interface Expected {
  /** What the page must say of it, result or failure. */
  readonly shows: RegExp;
  readonly prints?: RegExp;
  /** What must hold of the returned value. */
  readonly returns?: (value: unknown) => void;
  /** The line that is marked, or the first and the last of those that may be. */
  readonly line?: number | readonly [number, number];
  /** A run has 20 ms to tell the line at which its time ended: on a busy machine it may not be in time. */
  readonly lineMayBeUnknown?: boolean;
}

/** By the ids that the list in the page has. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  math: {
    // All 48 digits, which a number of JavaScript does not have.
    shows: /815915283247897734345611269596115894272000000000/,
    returns: (value) => expect(value).toMatchObject({ primes: expect.arrayContaining([2, 59]), pi: Math.PI }),
  },
  stdout: {
    shows: /passed/,
    prints: /Ada\s+#+\s+93[\s\S]*2 of 3 passed/,
    returns: (value) => expect(value).toEqual({ passed: ['Ada', 'Grace'] }),
  },
  inputs: {
    shows: /instalment/,
    returns: (value) =>
      expect(value).toMatchObject({ instalments: 240, instalment: expect.closeTo(1449.9, 1) }),
  },
  figure: { shows: /figure-1/ },
  files: {
    shows: /report\.csv/,
    returns: (value) => expect(value).toHaveLength(8),
  },
  dates: {
    shows: /2024-02-29/,
    returns: (value) =>
      expect(value).toMatchObject({
        invoice: { number: 1042, total: '129.90', tags: ['express', 'paid'] },
        due: '2024-03-29',
        meeting: '2024-02-28T14:30:00+00:00',
        'length in seconds': 4500,
      }),
  },
  random: {
    shows: /thrown/,
    prints: /The last estimate: 3\.1/,
    returns: (value) => {
      expect(value).toHaveLength(40);
      expect(value).toContainEqual({ thrown: 20_000, estimate: expect.closeTo(Math.PI, 1) });
    },
  },
  numpy: {
    shows: /measured/,
    prints: /y = 2\.\d+ x \+ \d\.\d+/,
    returns: (value) => expect(value).toHaveLength(41),
  },
  pandas: {
    shows: /revenue/,
    prints: /mean/,
    returns: (value) => {
      expect(value).toHaveLength(12);
      expect(value).toContainEqual(
        expect.objectContaining({ month: '2024-06', books: expect.any(Number), revenue: expect.any(Number) }),
      );
    },
  },
  exception: { shows: /ZeroDivisionError: division by zero/, prints: /First: 5\.0/, line: 3 },
  'blocked-import': { shows: /Dangerous operation detected: import os/, line: 2 },
  'time-out': {
    shows: /limit of 2 seconds/,
    prints: /takes \d+ steps/,
    line: [2, 17],
    lineMayBeUnknown: true,
  },
  memory: { shows: /limit of 512 MB/, prints: /64 MiB/, line: 5 },
  'not-json': { shows: /Pattern/ },
};

/** How often a script is run for a line that may be unknown. */
const RUNS_FOR_A_LINE = 4;

const OWN = '# nobody has seen this yet\ndef main():\n    return "mine"\n';

async function openExamples(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Examples', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Examples' });
  await dialog.waitFor();
  return dialog;
}

/** Loads an example, and returns its script. */
async function load({ page, pycell }: Visit, id: string): Promise<string> {
  const before = await pycell.script();
  const dialog = await openExamples(page);
  await dialog.locator(`[data-example="${id}"]`).click();
  await dialog.waitFor({ state: 'detached' });
  return eventually(
    () => pycell.script(),
    (script) => script !== before,
  );
}

describe('the examples', () => {
  let api: ServiceProcess;
  let server: ServiceProcess;

  beforeAll(async () => {
    api = await startApi({ SCRIPT_TIMEOUT: '2' });
    server = await startConsole(api);
  });

  afterAll(async () => {
    await server.stop();
    await api.stop();
  });

  const consoleUrl = (): string => server.url;

  it(
    'are those that this suite knows, each with one sentence of what it shows',
    onPage(
      async ({ page, picture }) => {
        const dialog = await openExamples(page);
        const listed = await dialog.locator('[data-example]').evaluateAll((buttons) =>
          buttons.map((button) => ({
            id: button.getAttribute('data-example') ?? '',
            sentence:
              document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent ?? '',
          })),
        );
        expect(listed.map(({ id }) => id).sort()).toEqual(Object.keys(EXPECTED).sort());
        for (const { sentence } of listed) expect(sentence).toMatch(/^[A-Z][^.]+\.$/);
        await picture('examples');
      },
      { consoleUrl },
    ),
  );

  it.each(Object.entries(EXPECTED))('have %s, which does what it says', async (id, expected) => {
    await onPage(
      async (visit) => {
        const { page, pycell, picture } = visit;
        await load(visit, id);
        await page.keyboard.press('Control+Enter');
        await pycell.resultText(expected.shows);
        await pycell.runHasEnded();
        await picture(`example-${id}`);
        if (expected.returns) expected.returns(JSON.parse(await pycell.rawResult()));
        if (expected.prints) expect(await pycell.printed()).toMatch(expected.prints);
        for (let run = 1; expected.lineMayBeUnknown && run < RUNS_FOR_A_LINE; run++) {
          if ((await pycell.failingLines()).length > 0) break;
          await pycell.run();
        }
        const [first, last] =
          typeof expected.line === 'number' ? [expected.line, expected.line] : (expected.line ?? [0, -1]);
        await pycell.marks(
          (marks) =>
            marks.length > 0 === (expected.line !== undefined) &&
            marks.every(({ line }) => line >= first && line <= last),
        );
      },
      { consoleUrl },
    )();
  });

  it(
    'take nothing away: what was written comes back by undo, and is in the history',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await pycell.write(OWN);
        await load(visit, 'math');
        await page.getByRole('button', { name: 'Undo' }).click();
        await eventually(
          () => pycell.script(),
          (script) => script === OWN,
        );
        await load(visit, 'math');
        await page.keyboard.press('Control+Z');
        await eventually(
          () => pycell.script(),
          (script) => script === OWN,
        );
        await load(visit, 'random');
        await page.getByRole('button', { name: 'History', exact: true }).click();
        await page
          .getByRole('button', { name: /nobody has seen this yet/ })
          .first()
          .click();
        await eventually(
          () => pycell.script(),
          (script) => script === OWN,
        );
      },
      { consoleUrl },
    ),
  );
});
