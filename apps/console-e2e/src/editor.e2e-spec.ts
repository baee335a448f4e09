import { eventually } from './harness/eventually';
import { onPage } from './harness/visit';

describe('the editor', () => {
  it(
    'marks what the policy refuses, at its place, while it is typed',
    onPage(async ({ page, pycell, picture }) => {
      await pycell.write('import math\nimport os\n\ndef main():\n    return eval("1 + 1")\n');
      await pycell.hasMarks(
        { severity: 'error', line: 2, column: 8, message: 'Dangerous operation detected: import os' },
        { severity: 'error', line: 5, column: 12 },
      );
      await page.locator('.squiggly-error').nth(1).waitFor();
      await page.getByRole('button', { name: /^Line 2: Dangerous operation detected: import os/ }).waitFor();
      await picture('policy-marks');
    }),
  );

  it(
    'marks a script without main() while it is typed, and takes the mark away when main() comes',
    onPage(async ({ page, pycell }) => {
      await pycell.write('x = 1\n');
      await pycell.hasMarks({ severity: 'warning', line: 1, message: expect.stringMatching(/main\(\)/) });
      await page.keyboard.insertText('\ndef main():\n    return x\n');
      await pycell.hasMarks();
    }),
  );

  it(
    'warns of what may be a syntax error at its line',
    onPage(async ({ pycell }) => {
      await pycell.write('def main():\n    x = 1\n    return x +\n');
      await pycell.hasMarks({ severity: 'warning', line: 3 });
    }),
  );

  it(
    'leaves marks to the right of characters beyond the basic plane where the eye sees them',
    onPage(async ({ pycell }) => {
      await pycell.write('def main():\n    x = "😀😀"; return eval(x)\n');
      // In the units of the editor, in which each of the two counts twice.
      await pycell.hasMarks({ line: 2, column: 24 });
    }),
  );

  it(
    'goes to the first problem by the line below it',
    onPage(async ({ page, pycell }) => {
      await pycell.write(`def main():\n${'    x = 1\n'.repeat(80)}    return open("x")\n`);
      await pycell.hasMarks({ line: 82 });
      await page.keyboard.press('Control+Home');
      const refused = page.locator('.view-line', { hasText: 'open(' });
      await refused.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: /^Line 82:/ }).click();
      await refused.waitFor();
      await page.keyboard.insertText('#');
      expect(await pycell.script()).toContain('return #open("x")');
    }),
  );

  it(
    'marks and reveals the line at which a run failed, until that line is changed',
    onPage(
      async ({ page, pycell, picture }) => {
        const failing = page.locator('.view-line', { hasText: 'ratio = 1' });
        expect(await failing.count()).toBe(0);
        await pycell.run();
        await pycell.resultText(/ZeroDivisionError: division by zero/);
        await pycell.hasMarks({
          severity: 'error',
          line: 82,
          message: expect.stringContaining('ZeroDivisionError'),
        });
        await failing.waitFor();
        await page.locator('.failing-line').first().waitFor();
        await picture('failing-line');
        await failing.click();
        await page.keyboard.press('End');
        await page.keyboard.press('Backspace');
        await page.keyboard.type('1');
        await pycell.hasMarks();
        expect(await page.locator('.failing-line').count()).toBe(0);
      },
      { script: `def main():\n${'    x = 0\n'.repeat(80)}    ratio = 1 / 0\n    return ratio\n` },
    ),
  );

  it(
    "marks CPython's syntax error after a run",
    onPage(
      async ({ pycell }) => {
        await pycell.run();
        await pycell.resultText(/'\(' was never closed/);
        await pycell.marks((marks) =>
          marks.some(({ severity, line, column }) => severity === 'error' && line === 2 && column === 10),
        );
      },
      { script: 'def main():\n    print("a"\n    return 1\n' },
    ),
  );

  it(
    'offers the modules of the sandbox behind import, and those that the policy blocks as blocked',
    onPage(async ({ page, pycell, picture }) => {
      await pycell.write('');
      await page.keyboard.type('import ');
      const offered = page.locator('.suggest-widget.visible .monaco-list-row');
      await offered.first().waitFor();
      await page.keyboard.type('pa');
      await offered.filter({ hasText: /^pandas/ }).waitFor();
      await picture('completion');
      await page.keyboard.press('Backspace');
      await page.keyboard.press('Backspace');
      await page.keyboard.type('os');
      await eventually(
        () => offered.allInnerTexts(),
        (texts) => texts.some((text) => text.startsWith('os\nblocked: Use pathlib')),
      );
      await page.keyboard.press('Backspace');
      await page.keyboard.press('Backspace');
      await page.keyboard.type('numpy');
      await offered.filter({ hasText: /^numpy/ }).waitFor();
      await page.keyboard.press('Tab');
      expect(await pycell.script()).toBe('import numpy');
    }),
  );

  it.each([
    ['a name that others begin with', 'def main():', 'return a', 'def main():\n    return a'],
    ['a module that others begin with', 'import json', 'import re', 'import json\nimport re'],
    ['a snippet’s name', 'x = 1', 'for', 'x = 1\nfor'],
  ])('breaks the line at Enter, whatever is offered: %s', (_what, first, second, expected) =>
    onPage(async ({ page, pycell }) => {
      await pycell.write('');
      for (const line of [first, second]) {
        // At the speed of a person, so that the list is open when Enter comes.
        await page.keyboard.type(line, { delay: 60 });
        await page
          .locator('.suggest-widget.visible .monaco-list-row')
          .first()
          .waitFor({ timeout: 1_500 })
          .catch(() => undefined);
        await page.keyboard.press('Enter');
      }
      expect((await pycell.script()).trimEnd()).toBe(expected);
    })(),
  );

  it(
    'completes a snippet into a script that runs',
    onPage(async ({ page, pycell }) => {
      await pycell.write('');
      await page.keyboard.type('main');
      await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: /^main/ }).first().waitFor();
      await page.keyboard.press('Tab');
      await eventually(
        () => pycell.script(),
        (script) => script === 'def main():\n    pass\n    return None',
      );
      await page.keyboard.press('Control+Enter');
      await pycell.resultText(/null|None/);
    }),
  );

  it(
    'counts the script against the limit of the API, in characters as the API counts them',
    onPage(async ({ page, pycell, picture }) => {
      await pycell.write(`# ${'😀'.repeat(9_998)}`);
      await page.getByText('10,000 / 10,000').waitFor();
      expect(await page.getByText('too large to run').count()).toBe(0);
      await page.keyboard.insertText('x');
      await page.getByText('10,001 / 10,000').waitFor();
      await page.getByText('too large to run').waitFor();
      await picture('too-large');
      const sent: string[] = [];
      page.on('request', (request) => sent.push(new URL(request.url()).pathname));
      await pycell.run();
      const shown = await pycell.resultText(/too large/i);
      expect(shown).toContain('The script has 10,001 characters, the limit is 10,000.');
      expect(shown).not.toMatch(/SCRIPT_TOO_LARGE|\b400\b/);
      expect(sent.filter((path) => path.endsWith('/execute'))).toEqual([]);
    }),
  );

  it(
    'keeps the script over a reload, also when the page goes before typing has rested',
    onPage(async ({ page, pycell }) => {
      await pycell.write('def main():\n    return "kept"\n');
      await page.reload();
      await pycell.editorIsReady();
      expect(await pycell.script()).toBe('def main():\n    return "kept"\n');
      await page.keyboard.press('Control+Enter');
      await pycell.resultText(/kept/);
    }),
  );

  it(
    'says that nothing is checked where the parser could not be fetched, and checks when it can be',
    onPage(
      async ({ page, pycell, picture }) => {
        await page.route('**/*.wasm', (route) => route.abort());
        await pycell.open();
        await page.getByText('Not checked while typing').waitFor();
        expect(await pycell.marks(() => true)).toEqual([]);
        await picture('not-checked');
        await page.unroute('**/*.wasm');
        await page.getByRole('button', { name: 'Try again' }).press('Enter');
        await pycell.hasMarks({ line: 1, message: 'Dangerous operation detected: import os' });
        expect(await page.getByText('Not checked while typing').count()).toBe(0);
        // The button has gone, and the focus with it to where the person works.
        await page.keyboard.insertText('#');
        expect(await pycell.script()).toContain('#');
      },
      { isOpened: false, script: 'import os\ndef main(): pass\n', expected: [/net::ERR_FAILED/] },
    ),
  );

  it(
    'takes over what was written before it was loaded, with the cursor',
    onPage(
      async ({ page, pycell }) => {
        let release: () => void = () => undefined;
        const released = new Promise<void>((resolve) => (release = resolve));
        await page.route('**/monaco.css', async (route) => {
          await released;
          await route.continue();
        });
        await page.goto(pycell.url);
        const plain = page.getByRole('textbox', { name: 'Python script', exact: true });
        await plain.fill('def main():\n    return 1\n');
        await plain.press('ArrowUp');
        await plain.press('End');
        release();
        await pycell.editorIsReady();
        await page.keyboard.type('23');
        expect(await pycell.script()).toBe('def main():\n    return 123\n');
      },
      { isOpened: false },
    ),
  );
});
