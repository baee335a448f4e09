/**
 * `npm run generate`: writes what follows from the tables of libs/contracts and of the runner and is no code of theirs. With `--check` it
 * writes nothing and fails where a file differs.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { RECORD, ROOT } from '../set-up/places.mjs';
import { clientCodes, clientTypes } from './client-types.mjs';
import { pythonContract } from './python-contract.mjs';
import { limitTable, statusTable } from './tables.mjs';

const require = createRequire(import.meta.url);
const contracts = require(join(ROOT, 'libs/contracts/dist'));

let description;

/** The API's description, as the built API serves it. Once: two targets follow from it. */
function openApiDocument() {
  const { describeApi } = require(join(ROOT, 'dist/apps/api/application.js'));
  description ??= describeApi().then((document) => `${JSON.stringify(document, null, 2)}\n`);
  return description;
}

/** The page of the runner's table of system calls. */
function systemCallPage() {
  const options = { cwd: join(ROOT, 'apps/runner'), encoding: 'utf8' };
  const { python } = JSON.parse(readFileSync(RECORD, 'utf8'));
  return execFileSync(python, ['-m', 'tests.kernel.system_call_page'], options);
}

/** A table in a document stands between `<!-- generated: NAME -->` and `<!-- end -->`. */
function withTable(text, name, table) {
  const [before, rest] = text.split(`<!-- generated: ${name} -->\n`);
  if (!rest?.includes('<!-- end -->')) {
    throw new Error(`There is no place for the table "${name}"`);
  }
  return `${before}<!-- generated: ${name} -->\n\n${table}\n${rest.slice(rest.indexOf('<!-- end -->'))}`;
}

/** Each file, and how its text follows from the tables and from what it is now. */
const TARGETS = {
  'apps/runner/pycell_runner/protocol/contract.py': () => pythonContract(contracts),
  'docs/api.md': (text) => withTable(text, 'statuses', statusTable(contracts)),
  'docs/configuration.md': (text) => withTable(text, 'limits', limitTable(contracts)),
  'docs/openapi.json': openApiDocument,
  'docs/system-calls.md': systemCallPage,
  'libs/api-client/src/schema/api.generated.ts': async () => clientTypes(await openApiDocument()),
  'libs/api-client/src/schema/codes.generated.ts': () => clientCodes(contracts),
};

const isCheck = process.argv.includes('--check');
for (const [name, generate] of Object.entries(TARGETS)) {
  const file = join(ROOT, name);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = await generate(before);
  if (before !== after && isCheck) {
    console.log(`${name} is not what the tables say: npm run generate`);
    process.exitCode = 1;
  } else if (before !== after) {
    writeFileSync(file, after);
    console.log(`wrote ${name}`);
  }
}
