/** Has schemathesis ask a service by its description, and tells what was sent and what was wrong. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILDER } from '../../set-up/builder.mjs';
import { run } from '../../set-up/commands.mjs';
import { MADE, REPORTS, ROOT } from '../../set-up/places.mjs';
import { SetUpError } from '../../set-up/progress.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PACKAGES = join(MADE, 'fuzz');
const DESCRIPTION = join(ROOT, 'docs/openapi.json');
/** Of what it says only the end is shown: the whole is in a file. */
const SHOWN_CHARACTERS = 12_000;

/** Installs schemathesis for `python`. @throws SetUpError */
export async function installSchemathesis(python) {
  const args = ['packages', '--requirements', join(HERE, 'requirements.txt'), '--output', PACKAGES];
  const { status, output } = await run(python, [BUILDER, ...args]);
  if (status !== 0) {
    throw new SetUpError(`schemathesis could not be installed:\n${output}`);
  }
}

/**
 * @param {{ python: string, name: string, port: number, seed: number, size: { examples: number, scenarios: number }, key?: string }} how
 *   `examples`: of each operation, at most; `scenarios`: sequences of requests that follow links
 * @returns {Promise<{ ok: boolean, said: string, counts: Record<string, number>, faults: string[], refusals: string[] }>}
 *   `faults`: answers of 5xx but a documented 503, and requests without an answer
 */
export async function askBySchemathesis({ python, name, port, seed, size, key }) {
  mkdirSync(REPORTS, { recursive: true });
  const report = join(REPORTS, `fuzz-${name}.txt`);
  const summary = join(REPORTS, `fuzz-${name}.json`);
  const settings = join(REPORTS, `fuzz-${name}.toml`);
  rmSync(summary, { force: true });
  writeFileSync(settings, settingsText(size, key !== undefined));
  const args = [
    ...['-m', 'schemathesis.cli', '--config-file', settings, 'run', DESCRIPTION],
    ...['--url', `http://127.0.0.1:${port}`, '--seed', String(seed), '--no-color'],
  ];
  const { status, output } = await run(python, args, {
    env: {
      ...process.env,
      PYTHONPATH: [HERE, PACKAGES].join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONHASHSEED: '0',
      SCHEMATHESIS_HOOKS: 'hooks',
      PYCELL_FUZZ_SUMMARY: summary,
      ...(key && { PYCELL_FUZZ_KEYED: '1', PYCELL_FUZZ_KEY: key }),
    },
  });
  writeFileSync(report, output);
  const said = status === 0 ? '' : `${output.slice(-SHOWN_CHARACTERS)}\nThe whole: ${report}`;
  try {
    return { ok: status === 0, said, ...JSON.parse(readFileSync(summary, 'utf8')) };
  } catch {
    return { ok: false, said: `${said}\nIt ended without a summary.`, counts: {}, faults: [], refusals: [] };
  }
}

function settingsText({ examples, scenarios }, isKeyed) {
  return [
    readFileSync(join(HERE, 'schemathesis.toml'), 'utf8'),
    '[phases.fuzzing.generation]',
    `max-examples = ${examples}`,
    '[phases.stateful.generation]',
    `max-examples = ${scenarios}`,
    ...(isKeyed ? ['[auth.openapi.apiKey]', 'api_key = "${PYCELL_FUZZ_KEY}"'] : []),
    '',
  ].join('\n');
}
