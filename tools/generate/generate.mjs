/**
 * `npm run generate`: writes what follows from the tables of libs/contracts and is not TypeScript. With `--check` it
 * writes nothing and fails where a file differs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '../set-up/places.mjs';
import { pythonContract } from './python-contract.mjs';
import { limitTable, statusTable } from './tables.mjs';

const contracts = createRequire(import.meta.url)(join(ROOT, 'libs/contracts/dist'));

/** A table in a document stands between `<!-- generated: NAME -->` and `<!-- end -->`. */
function withTable(text, name, table) {
  const mark = new RegExp(`(<!-- generated: ${name} -->\\n)[\\s\\S]*?(<!-- end -->)`);
  if (!mark.test(text)) {
    throw new Error(`There is no place for the table "${name}"`);
  }
  return text.replace(mark, (_, begin, end) => `${begin}\n${table}\n${end}`);
}

/** Each file, and how its text follows from the tables and from what it is now. */
const TARGETS = {
  'apps/runner/pycell_runner/contract.py': () => pythonContract(contracts),
  // The documents join when they exist: docs/api.md (statuses), docs/configuration.md (limits).
  ...documentTargets(),
};

function documentTargets() {
  const documents = [
    ['docs/api.md', 'statuses', statusTable],
    ['docs/configuration.md', 'limits', limitTable],
  ];
  return Object.fromEntries(
    documents
      .filter(([file]) => existsSync(join(ROOT, file)))
      .map(([file, name, make]) => [file, (text) => withTable(text, name, make(contracts))]),
  );
}

const isCheck = process.argv.includes('--check');
let drifted = 0;
for (const [name, generate] of Object.entries(TARGETS)) {
  const file = join(ROOT, name);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = generate(before);
  if (before === after) {
    continue;
  }
  drifted++;
  if (isCheck) {
    console.log(`${name} is not what libs/contracts says: npm run generate`);
  } else {
    writeFileSync(file, after);
    console.log(`wrote ${name}`);
  }
}
process.exitCode = isCheck && drifted > 0 ? 1 : 0;
