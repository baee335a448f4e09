import { findViolationsInBothThemes, transitionsHaveEnded } from './harness/accessibility';
import { entryOf, keepMoreRuns, openRuns, startInBackground } from './harness/background-runs';
import { eventually } from './harness/eventually';
import { findOverflow } from './harness/overflow';
import { onPage } from './harness/visit';

const LONG = `# A title that is longer than the list is wide, as those of scripts often are in the real world
import time

def main():
    time.sleep(15)
`;
const DAY_MS = 24 * 3_600_000;

/** A run in each state that it can be in without an API that goes along. */
function everyEnd(now: number): readonly object[] {
  const over = { id: 'f'.repeat(32), startedAt: now - 90_000, endedAt: now - 60_000, at: now - 100_000 };
  return [
    {
      ...over,
      status: 'succeeded',
      title: 'primes',
      outcome: { tone: 'success', title: 'Finished' },
      expiresAt: now + 3_600_000,
    },
    {
      ...over,
      status: 'failed',
      title: 'report of the week',
      outcome: { tone: 'error', title: 'The script raised an exception' },
      expiresAt: now - 1_000,
    },
    {
      ...over,
      status: 'cancelled',
      title: 'endless',
      outcome: { tone: 'neutral', title: 'Cancelled' },
      startedAt: null,
    },
    { ...over, status: 'forgotten', title: 'of yesterday', at: now - DAY_MS, expiresAt: null },
    {
      ...over,
      id: null,
      status: 'unanswered',
      title: 'sent into nothing',
      why: 'The API cannot be reached: fetch failed.',
    },
  ];
}

describe('the list of background runs', () => {
  it.each([
    ['375 px', 375, 812],
    ['1280 px', 1280, 800],
  ])(
    'shows every state at a width of %s, within it, without a fault for accessibility in both themes',
    (_name, width, height) =>
      onPage(
        async (visit) => {
          const { page, pycell, picture } = visit;
          await startInBackground(visit);
          await keepMoreRuns(page, everyEnd(Date.now()));
          await page.reload();
          await pycell.editorIsReady();
          await eventually(
            () => findOverflow(page),
            (found) => found.length === 0,
          );
          const list = await openRuns(visit);
          await entryOf(list, 'A title that is longer')
            .getByText(/^Running/)
            .waitFor();
          expect(await list.getByRole('listitem').count()).toBe(6);
          expect(await findViolationsInBothThemes(page)).toEqual([]);
          await picture(`background-list-${width}-dark`);
          await page.emulateMedia({ colorScheme: 'light' });
          await transitionsHaveEnded(page);
          await picture(`background-list-${width}-light`);
          expect(await findOverflow(page)).toEqual([]);
        },
        { script: LONG, viewport: { width, height } },
      )(),
  );

  it(
    'shows the script of a run without an answer, which can still be tried again',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await startInBackground(visit);
        await keepMoreRuns(page, everyEnd(Date.now()).slice(-1));
        await page.reload();
        await pycell.editorIsReady();
        await pycell.write('def main():\n    return 1\n');
        const list = await openRuns(visit);
        const entry = entryOf(list, 'sent into nothing');
        await entry.getByRole('button').first().click();
        await eventually(
          () => pycell.script(),
          (script) => script === LONG,
        );
        await entry.getByRole('button', { name: /^Try again/ }).waitFor();
      },
      { script: LONG },
    ),
  );
});
