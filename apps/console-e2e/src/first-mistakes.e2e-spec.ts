import { eventually } from './harness/eventually';
import { onPage } from './harness/visit';

describe('a script without main', () => {
  it(
    'is wrapped by one click, which undo takes back, and runs',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        await pycell.resultText(/main/);
        await picture('main-missing');
        await pycell.result.getByRole('button', { name: 'Wrap in main()' }).click();
        const wrapped = 'import math\n\n\ndef main():\n    radius = 2\n    return math.pi * radius ** 2\n';
        await eventually(
          () => pycell.script(),
          (script) => script === wrapped,
        );
        await pycell.run();
        expect(await pycell.rawResult()).toBe('12.566370614359172');
        await pycell.editor.focus();
        await page.keyboard.press('Control+Z');
        await eventually(
          () => pycell.script(),
          (script) => script.startsWith('import math\n\nradius'),
        );
        // Without a run, too: below the script.
        await page.getByRole('button', { name: 'Wrap in main()' }).first().click();
        await eventually(
          () => pycell.script(),
          (script) => script === wrapped,
        );
      },
      { script: 'import math\n\nradius = 2\nmath.pi * radius ** 2\n' },
    ),
  );
});

describe('a script that calls main itself', () => {
  it(
    'is told that the function runs twice',
    onPage(
      async ({ pycell, picture }) => {
        await pycell.hasMarks({
          severity: 'warning',
          line: 4,
          column: 1,
          message: expect.stringMatching(/runs twice/),
        });
        await pycell.run();
        // As it says.
        expect((await pycell.printed()).match(/hello/g)).toHaveLength(2);
        await picture('main-twice');
      },
      { script: 'def main():\n    print("hello")\n\nmain()\n' },
    ),
  );
});

describe('a name that the policy blocks', () => {
  it(
    'is offered as blocked, with what to use instead',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.editor.focus();
        await page.keyboard.press('Control+End');
        for (const key of 'import subp') await page.keyboard.type(key, { delay: 60 });
        const list = page.locator('.suggest-widget');
        await list
          .getByText(/^blocked: A run cannot start/)
          .first()
          .waitFor();
        await list.locator('.monaco-list-row.focused').waitFor();
        await page.keyboard.press('Control+Space');
        await page
          .locator('.suggest-details')
          .getByText(/cannot start other programs/)
          .waitFor();
        await picture('blocked-suggestion');
        await page.keyboard.press('Enter');
        await eventually(
          () => pycell.script(),
          (script) => script.endsWith('import subp\n'),
        );
        const marks = await pycell.marks(() => true);
        expect(marks.filter(({ severity }) => severity === 'error')).toEqual([]);
      },
      { script: 'def main():\n    pass\n\n\n' },
    ),
  );
});
