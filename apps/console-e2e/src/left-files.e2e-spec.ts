import { download } from './harness/download';
import { eventually } from './harness/eventually';
import { leaveFiles } from './harness/left-files';
import { onPage } from './harness/visit';

const FIGURE = `import matplotlib.pyplot as plt


def main():
    plt.plot([1, 4, 9])
`;
const WRITES = `from pathlib import Path


def main():
    Path("output/report.csv").write_text("city,n\\nOslo,1\\nBergen,2\\n")
    Path("output/notes.txt").write_text("first line\\nsecond line\\n")
    Path("output/data.bin").write_bytes(bytes(range(256)))
    return {"written": 3}
`;
const SVG_WITH_SCRIPT = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" onload="parent.hacked = 1">
<rect width="40" height="20" fill="red"/>
<script>window.hacked = 1; parent.hacked = 1; top.hacked = 1;</script>
<image href="http://127.0.0.1:9/x.png" width="1" height="1"/>
<foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:parent.hacked=1"/></foreignObject>
</svg>`;
const TRICKY = ['evil\u202egpj.exe', '<img src=x onerror=hacked=1>.txt'] as const;

describe('a figure', () => {
  it(
    'is what one sees first where nothing was returned',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        const figure = pycell.result.getByRole('img', { name: /^figure-1/ });
        await figure.waitFor();
        await eventually(
          () => figure.evaluate((image: HTMLImageElement) => image.naturalWidth),
          (width) => width > 100,
        );
        const box = await figure.boundingBox();
        expect(box?.y).toBeLessThan(160);
        await picture('figure');
        const enlarge = page.getByRole('button', { name: /^Enlarge figure-1/ });
        await enlarge.click();
        const dialog = page.getByRole('dialog', { name: /^figure-1/ });
        await dialog.getByText(/\d+ × \d+/).waitFor();
        await picture('figure-enlarged');
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        expect(await enlarge.evaluate((element) => element === document.activeElement)).toBe(true);
        const saved = await download(page, page.getByRole('button', { name: /^Download figure-1/ }));
        expect(saved.name).toMatch(/^figure-1\.(png|svg)$/);
      },
      { script: FIGURE },
    ),
  );

  it(
    'opens in a tab of its own on a phone',
    onPage(
      async ({ pycell, picture }) => {
        await pycell.run();
        await pycell.result.getByRole('img', { name: /^figure-1/ }).waitFor();
        await picture('figure-phone');
      },
      { script: FIGURE, viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
    ),
  );

  it(
    'that is an SVG is an image and nothing else: its scripts do nothing, it fetches nothing',
    onPage(
      async ({ page, pycell }) => {
        const requests: string[] = [];
        page.on('request', (request) => requests.push(request.url()));
        await leaveFiles(page, [{ name: 'x.svg', mediaType: 'image/svg+xml', content: SVG_WITH_SCRIPT }]);
        await pycell.run();
        const image = pycell.result.getByRole('img', { name: 'x.svg' });
        await eventually(
          () => image.evaluate((element: HTMLImageElement) => element.naturalWidth),
          (width) => width === 40,
        );
        await page.getByRole('button', { name: 'Enlarge x.svg' }).click();
        await page.getByRole('dialog', { name: 'x.svg' }).getByText('40 × 20').waitFor();
        expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
        expect(await page.locator('app-files-view svg rect, app-figure-dialog svg rect').count()).toBe(0);
        expect(requests.filter((url) => url.includes(':9/'))).toEqual([]);
        await page.keyboard.press('Escape');
        const link = page.waitForEvent('download');
        const type = page.evaluate(
          () =>
            new Promise<string>((resolve) => {
              const create = URL.createObjectURL.bind(URL);
              URL.createObjectURL = (content: Blob) => {
                resolve(content.type);
                return create(content);
              };
            }),
        );
        await page.getByRole('button', { name: 'Download x.svg' }).click();
        expect(await type).toBe('application/octet-stream');
        expect((await link).suggestedFilename()).toBe('x.svg');
      },
      { script: FIGURE },
    ),
  );
});

describe('files that a script left', () => {
  it(
    'are listed, looked into and saved as they are',
    onPage(
      async ({ page, pycell, picture }) => {
        await pycell.run();
        const list = pycell.result.getByRole('list', { name: 'Downloads' });
        await list.getByText('report.csv').waitFor();
        expect(await list.getByRole('listitem').count()).toBe(3);
        const report = await download(page, page.getByRole('button', { name: 'Download report.csv' }));
        expect(report).toEqual({ name: 'report.csv', text: 'city,n\nOslo,1\nBergen,2\n' });
        await page.getByRole('button', { name: 'Preview report.csv' }).click();
        const table = page.getByRole('dialog', { name: 'report.csv' });
        await table.getByRole('columnheader', { name: /city/ }).waitFor();
        await table.getByText('Bergen').waitFor();
        await picture('file-preview');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Preview notes.txt' }).click();
        await page.getByRole('dialog', { name: 'notes.txt' }).getByText('second line').waitFor();
        await page.keyboard.press('Escape');
        expect(await page.getByRole('button', { name: 'Preview data.bin' }).count()).toBe(0);
        await pycell.result.getByText('written').waitFor();
      },
      { script: WRITES },
    ),
  );

  it(
    'stay where the script failed afterwards, behind what went wrong',
    onPage(
      async ({ pycell }) => {
        await pycell.run();
        await pycell.resultText(/ValueError/);
        await pycell.result.getByRole('list', { name: 'Downloads' }).getByText('report.csv').waitFor();
      },
      { script: WRITES.replace('return {"written": 3}', 'raise ValueError("no")') },
    ),
  );

  it(
    'have names that are text, and hide nothing',
    onPage(
      async ({ page, pycell }) => {
        const files = TRICKY.map((name) => ({ name, mediaType: 'text/plain', content: 'x' }));
        await leaveFiles(page, files, { ok: 1 });
        await pycell.run();
        const names = pycell.result.locator('app-files-view .name');
        await names.first().waitFor();
        expect(await names.allInnerTexts()).toEqual(['evil\\u{202e}gpj.exe', TRICKY[1]]);
        expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
        const saved = await download(page, page.getByRole('button', { name: /^Download evil/ }));
        expect(saved.name).toBe('evilgpj.exe');
        await page.getByRole('button', { name: /^Preview <img/ }).click();
        await page.getByRole('dialog', { name: TRICKY[1] }).waitFor();
        expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
      },
      { script: FIGURE },
    ),
  );

  it(
    'that claim to be images and are none are said to be so',
    onPage(
      async ({ page, pycell }) => {
        await leaveFiles(page, [
          { name: 'x.png', mediaType: 'image/png', content: '<script>hacked=1</script>' },
        ]);
        await pycell.run();
        await pycell.result.getByText('The browser cannot show this image.').waitFor();
        await page.getByRole('button', { name: 'Download x.png' }).waitFor();
      },
      { script: FIGURE },
    ),
  );
});
