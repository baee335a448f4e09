/** Makes the folder for static hosts and looks whether it can lie below any path. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nx } from '../../set-up/builds.mjs';
import { ROOT } from '../../set-up/places.mjs';
import { SetUpError } from '../../set-up/progress.mjs';

const SCRIPT = join(ROOT, 'infra/static/export.mjs');

async function provideConsole() {
  if (!existsSync(join(ROOT, 'dist/apps/console/index.html'))) {
    const { status, output } = await nx('build', { args: ['-p', 'console'] });
    if (status !== 0) {
      throw new SetUpError(`The console cannot be built:\n${output}`);
    }
  }
}

function exportTo(folder, apiUrl) {
  const env = { ...process.env, API_URL: apiUrl };
  return spawnSync(process.execPath, [SCRIPT, folder], { encoding: 'utf8', env });
}

/** What a page names from the root of its host is not there when the page lies below a path. */
function rootedNames(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.html') || name.endsWith('.css'))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return Array.from(
        text.matchAll(/(?:href|src)="(\/[^"]*)"|url\((\/[^)]*)\)/g),
        ([named]) => `${name}: ${named}`,
      );
    });
}

export async function checkStaticExport(checks) {
  await provideConsole();
  const folder = mkdtempSync(join(tmpdir(), 'pycell-static-'));
  const output = join(folder, 'console');
  try {
    const { status, stderr } = exportTo(output, 'https://api.example.org/');
    checks.add('the console is exported for static hosts', status === 0 ? [] : [stderr]);
    if (status === 0) {
      const { apiUrl } = JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'));
      checks.add(
        'the export names its API',
        apiUrl === 'https://api.example.org' ? [] : [`config.json has ${apiUrl}`],
      );
      checks.add('the export can lie below any path', rootedNames(output));
    }
    const refused = ['', 'api.example.org', 'ftp://api.example.org', '//api.example.org'];
    checks.add(
      'an API_URL that is none is refused',
      refused.filter((value) => exportTo(output, value).status === 0).map((value) => `"${value}" was taken`),
    );
    const kept = exportTo(folder, '/api');
    checks.add(
      'a folder of something else is not removed',
      kept.status !== 0 && existsSync(output) ? [] : [`${folder} was replaced`],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { outputDirectory } = JSON.parse(readFileSync(join(ROOT, 'infra/static/vercel.json'), 'utf8'));
  const byDefault = /'(dist\/[\w-]+)'\)\);$/m.exec(readFileSync(SCRIPT, 'utf8'))?.[1];
  checks.add(
    'vercel.json serves what is exported',
    outputDirectory === byDefault ? [] : [`it serves ${outputDirectory}, the export goes to ${byDefault}`],
  );
}
