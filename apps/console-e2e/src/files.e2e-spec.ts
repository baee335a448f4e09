import { createHash } from 'node:crypto';
import type { Locator } from 'playwright-core';
import { catchCopies } from './harness/copied-text';
import { dropFiles } from './harness/drop-files';
import { eventually } from './harness/eventually';
import { noteRuns } from './harness/run-bodies';
import { onPage, type Visit } from './harness/visit';

const READS = `from hashlib import sha256
from pathlib import Path


def main():
    files = (path for path in Path(".").rglob("*") if path.is_file())
    return {str(path): sha256(path.read_bytes()).hexdigest()[:12] for path in files}
`;
const CSV = 'a,b\n1,2\n';
const digestOf = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 12);
const CSV_DIGEST = digestOf(CSV);

const panel = ({ page }: Pick<Visit, 'page'>): Locator => page.locator('app-inputs-panel');
const nameOf = ({ page }: Pick<Visit, 'page'>, place: number): Locator =>
  page.getByLabel(`Name of file ${place}`);

async function pick(
  { page }: Pick<Visit, 'page'>,
  files: readonly { name: string; buffer: Buffer }[],
): Promise<void> {
  const picker = page.locator('app-files-section input[type="file"]');
  await picker.setInputFiles(files.map((file) => ({ ...file, mimeType: 'application/octet-stream' })));
}

describe('files', () => {
  it(
    'are dropped anywhere on the page, over the editor too, and lie where the script runs',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await panel(visit).waitFor();
        await dropFiles(page.locator('.monaco-editor').first(), [{ name: 'data.csv', content: CSV }]);
        await nameOf(visit, 1).waitFor();
        expect(await pycell.script()).toBe(READS);
        await nameOf(visit, 1).fill('data/2024.csv');
        await pycell.run();
        expect(JSON.parse(await pycell.rawResult())).toEqual({ 'data/2024.csv': CSV_DIGEST });
        await visit.picture('files');
      },
      { script: READS },
    ),
  );

  it(
    'are picked, text or not, arrive byte by byte, and are removed',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        const runs = noteRuns(page);
        const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
        await pick(visit, [
          { name: 'a.csv', buffer: Buffer.from(CSV) },
          { name: 'b.bin', buffer: bytes },
        ]);
        await nameOf(visit, 2).waitFor();
        await pycell.run();
        expect(JSON.parse(await pycell.rawResult())).toEqual({
          'a.csv': CSV_DIGEST,
          'b.bin': digestOf(bytes),
        });
        expect(JSON.parse(runs[0] ?? '')).toMatchObject({
          files: [
            { name: 'a.csv', text: CSV },
            { name: 'b.bin', base64: bytes.toString('base64') },
          ],
        });
        await page.getByRole('button', { name: /^Remove file 1/ }).click();
        await nameOf(visit, 2).waitFor({ state: 'detached' });
        expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Add files');
        await pycell.run();
        expect(JSON.parse(await pycell.rawResult())).toEqual({ 'b.bin': digestOf(bytes) });
      },
      { script: READS },
    ),
  );

  it(
    'let open() be used, and are named before a run where something is wrong',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await pycell.marks(({ length }) => length === 1);
        await pick(visit, [{ name: 'a.csv', buffer: Buffer.from(CSV) }]);
        await pycell.hasMarks();
        await nameOf(visit, 1).fill('../a.csv');
        await pycell.runButton.click();
        await panel(visit).getByRole('alert').getByText('../a.csv must be a path without').waitFor();
        expect(await nameOf(visit, 1).evaluate((element) => element === document.activeElement)).toBe(true);
        await nameOf(visit, 1).fill('a.csv');
        await page.keyboard.press('Control+Enter');
        await pycell.resultText(/a,b/);
      },
      { script: 'def main():\n    return open("a.csv").read()\n' },
    ),
  );

  it(
    'are kept over a reload and in the history, and are not in links',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await catchCopies(page);
        await pycell.open();
        await pick(visit, [{ name: 'a.csv', buffer: Buffer.from(CSV) }]);
        await nameOf(visit, 1).waitFor();
        await pycell.run();
        await eventually(
          () => page.evaluate(() => sessionStorage.getItem('pycell.script') ?? ''),
          (saved) => saved.includes('a.csv'),
        );
        await page.reload();
        await pycell.editorIsReady();
        await nameOf(visit, 1).waitFor();
        await pycell.run();
        expect(JSON.parse(await pycell.rawResult())).toEqual({ 'a.csv': CSV_DIGEST });
        await page.getByRole('button', { name: 'Copy link' }).click();
        await page.getByText(/The attached files are not in it/).waitFor();
        await page.getByRole('button', { name: /^Remove file 1/ }).click();
        await pycell.write('def main():\n    return "other"\n');
        await page.getByRole('button', { name: 'History', exact: true }).click();
        const history = page.getByRole('dialog', { name: 'History' });
        await history.getByRole('listitem').first().getByRole('button').first().click();
        await nameOf(visit, 1).waitFor();
        await pycell.run();
        await pycell.resultText(/a\.csv/);
        expect(JSON.parse(await pycell.rawResult())).toEqual({ 'a.csv': CSV_DIGEST });
      },
      { script: READS, isOpened: false },
    ),
  );

  it(
    'are refused in the page where they are too many or too large',
    onPage(
      async (visit) => {
        const many = Array.from({ length: 65 }, (_, at) => ({ name: `${at}.txt`, buffer: Buffer.from('x') }));
        await pick(visit, many);
        const notice = panel(visit).getByText('A run takes at most 64 files, and these would be 65');
        await notice.waitFor({ state: 'attached' });
        const large = { name: 'a.bin', content: 'x', sizeBytes: 17 * 1024 * 1024 };
        await dropFiles(visit.page.locator('main'), [large]);
        await panel(visit)
          .getByText(/A run has 16 MB for its files/)
          .waitFor({ state: 'attached' });
        expect(await nameOf(visit, 1).count()).toBe(0);
      },
      { script: READS },
    ),
  );

  it(
    'are not offered where the service takes none',
    onPage(
      async (visit) => {
        const { page, pycell } = visit;
        await page.route(`${pycell.url}/api/`, async (route) => {
          const answer = await route.fetch();
          const described = (await answer.json()) as object;
          await route.fulfill({ response: answer, json: { ...described, features: { files: false } } });
        });
        await pycell.open();
        await page.getByText(/^Python 3/).waitFor();
        await dropFiles(page.locator('main'), [{ name: 'a.csv', content: CSV }]);
        await page.getByText('Files', { exact: true }).click();
        await panel(visit).getByText('This API takes no files with a script.').first().waitFor();
        expect(await page.getByRole('button', { name: 'Add files…' }).count()).toBe(0);
        expect(await nameOf(visit, 1).count()).toBe(0);
      },
      { script: READS, isOpened: false },
    ),
  );
});
