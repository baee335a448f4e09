/** Checks the order of folders within projects, as .dependency-cruiser.mjs defines it, and proves that the check can fail. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin } from '../set-up/commands.mjs';
import { ROOT } from '../set-up/places.mjs';

const CONFIGURATION = '.dependency-cruiser.mjs';

/** @returns {Promise<{ status: number, output: string }>} `output` names each import that goes upward or in a circle */
export function checkLayers(root = ROOT) {
  const projects = ['libs', 'apps'].flatMap((kind) =>
    existsSync(join(root, kind)) ? readdirSync(join(root, kind)).map((name) => `${kind}/${name}/src`) : [],
  );
  const sources = projects.filter((source) => existsSync(join(root, source)));
  return bin('depcruise', ['-c', CONFIGURATION, ...sources], { cwd: root });
}

/** The lowest and the highest folder of each project with a defined order, by the project's folder. */
async function ladders() {
  const { default: configuration } = await import(join(ROOT, CONFIGURATION));
  const found = new Map();
  for (const { name, from, to } of configuration.forbidden) {
    const [, project, lowest] = /^\^(.+)\/([^/]+)\/$/.exec(from.path ?? '') ?? [];
    const [, highest] = /\(([^|)]+)/.exec(to.path ?? '') ?? [];
    if (name === 'no-upward-import' && project && highest) {
      found.set(project, { lowest, highest }); // the last rule of a project is that of its lowest folder
    }
  }
  return found;
}

/** Plants an upward import and a circle in a copy of each project. Returns what was planted and not found. */
export async function findUnnoticedPlants() {
  const copy = mkdtempSync(join(tmpdir(), 'pycell-layers-'));
  try {
    const expected = [];
    for (const name of [CONFIGURATION, 'tsconfig.base.json', 'package.json']) {
      cpSync(join(ROOT, name), join(copy, name));
    }
    for (const [project, { lowest, highest }] of await ladders()) {
      cpSync(join(ROOT, project), join(copy, project), { recursive: true });
      const plant = (file, imported) =>
        writeFileSync(join(copy, project, file), `import '${imported}';\nexport {};\n`);
      plant(`${lowest}/planted.ts`, `../${highest}/planted-one`);
      plant(`${highest}/planted-one.ts`, './planted-two');
      plant(`${highest}/planted-two.ts`, './planted-one');
      expected.push(`no-upward-import: ${project}/${lowest}/planted.ts`);
      expected.push(`no-circle: ${project}/${highest}/planted-`);
    }
    const { output } = await checkLayers(copy);
    return expected.length > 0
      ? expected.filter((finding) => !output.includes(finding))
      : [`${CONFIGURATION} defines no order of folders`];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
