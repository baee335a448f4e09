import { download } from './harness/download';
import { eventually } from './harness/eventually';
import { onPage } from './harness/visit';

const COLOURS = `def main():
    print("plain \\033[31mred\\033[0m \\033[1;32mbold green\\033[0m \\033[38;5;208morange\\033[0m")
    print("50%\\r100%")
    import warnings
    warnings.warn("look out")
    return None
`;

describe('what a script prints', () => {
  it(
    'has the colours that it asked for, and no escape sequences',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        const printed = await pycell.printed();
        expect(printed).toContain('plain red bold green orange');
        expect(printed).not.toContain('\u001b');
        const colourOf = (text: string): Promise<string> =>
          page
            .getByRole('region', { name: 'stdout' })
            .getByText(text, { exact: true })
            .evaluate((span) => getComputedStyle(span).color);
        const colours = await Promise.all(['100%', 'red', 'bold green', 'orange'].map(colourOf));
        expect(new Set(colours).size).toBe(4);
        await picture('stdout-colours');
        const { name, text } = await download(
          page,
          pycell.result.getByRole('button', { name: 'Download stdout' }),
        );
        expect(name).toBe('stdout.txt');
        expect(text).toContain('\u001b[31mred\u001b[0m');
      },
      { script: COLOURS },
    ),
  );

  it(
    'to stderr stands apart',
    onPage(
      async ({ pycell }) => {
        await pycell.run();
        expect(await pycell.printed('stderr')).toContain('UserWarning: look out');
        expect(await pycell.printed('stdout')).not.toContain('look out');
      },
      { script: COLOURS },
    ),
  );
});

describe('the line below the result', () => {
  it(
    'tells outcome, wall and processor time, peak memory and isolation, and where the time went',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        const line = page.getByRole('group', { name: 'Status of the run' });
        const told = await eventually(
          () => line.innerText(),
          (text) => text.includes('Finished'),
        );
        expect(told).toMatch(/Wall time\s+[\d.]+\s*(?:ms|µs|s)/);
        expect(told).toMatch(/CPU\s+[\d.]+\s*(?:ms|µs|s)/);
        expect(told).toMatch(/Peak memory\s+[\d.]+\s*[kKMG]?i?B/);
        expect(told).toMatch(/nsjail|no isolation/);
        await line.getByRole('button', { name: /^Timings/ }).click();
        const table = page.getByRole('table', { name: 'Where the time went' });
        await eventually(
          () => table.getByRole('row').count(),
          (count) => count >= 3,
        );
        await picture('timings');
      },
      { script: COLOURS },
    ),
  );
});
