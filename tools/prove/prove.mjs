/**
 * `npm run prove`: runs the long proofs whole, of which `npm test` runs samples, and writes docs/proof.md. With names of
 * proofs behind it (`-- corpus soak`) only those run, and their rows are written anew. Ends with a counted line.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { Tally } from '../checks/tally.mjs';
import { bin, endTogether, run } from '../set-up/commands.mjs';
import { RECORD, REPORTS, ROOT } from '../set-up/places.mjs';
import { note, runMain, SetUpError, step } from '../set-up/progress.mjs';
import { setUp } from '../set-up/set-up.mjs';
import { tryOtherPythons } from './pythons.mjs';
import { chooseSeed } from './seed.cjs';

const PROOF_FILE = 'docs/proof.md';
/** What the proofs write themselves is no change of what was proved. */
const WRITTEN = [PROOF_FILE, 'docs/security-matrix.md', 'docs/compatibility.md'];

/** Spec files of the API's black-box suite. */
function specs(tally, name, pattern) {
  const report = join(REPORTS, `prove-${name.replaceAll(' ', '-')}.json`);
  rmSync(report, { force: true });
  const args = ['-c', 'apps/api-e2e/jest.config.cjs', pattern, '--json', `--outputFile=${report}`];
  return bin('jest', args, { show: true }).then(() => tally.addJest(name, report));
}

/** A program of ours that ends with a counted line. */
async function counted(tally, name, args, figures = /(?!)/) {
  const { status, output } = await run(process.execPath, args, { show: true });
  const [, passed, failed] = output.match(/^(\d+) passed, (\d+) failed/m) ?? [];
  const isTold = passed !== undefined && (status === 0 || Number(failed) > 0);
  tally.add(name, { passed: Number(passed ?? 0), failed: isTold ? Number(failed) : Number(failed ?? 0) + 1 });
  return output.split('\n').filter((line) => figures.test(line));
}

const PROOFS = {
  corpus: (tally, name) => specs(tally, name, 'src/corpus'),
  pythons: (tally, name) =>
    tryOtherPythons(JSON.parse(readFileSync(RECORD, 'utf8')), tally, name, { isWhole: true }),
  containment: (tally, name) => specs(tally, name, 'src/jail-'),
  layers: (tally, name) => specs(tally, name, 'layers.e2e'), // writes docs/security-matrix.md
  pairs: (tally, name) => specs(tally, name, 'pairs.e2e'),
  deployment: (tally, name) => counted(tally, name, ['tools/verify-deploy/verify-deploy.mjs', '--all']),
  forgery: (tally, name) => specs(tally, name, 'forgery.e2e'),
  walls: (tally, name) =>
    specs(tally, name, '(watchdog|output-pieces|stalling|bodies|neighbours|renewal)\\.e2e'),
  loop: (tally, name) => specs(tally, name, 'loop.e2e'),
  faults: (tally, name) => specs(tally, name, 'src/faults/'),
  answers: (tally, name) => specs(tally, name, 'answers.e2e'),
  restarts: (tally, name) => specs(tally, name, 'rolling-restart.e2e'),
  metrics: (tally, name) => specs(tally, name, 'src/metrics'),
  queue: (...to) =>
    counted(...to, ['tools/prove/queue/queue.mjs', '--as-built'], /^PASS {2}(so many were lost|every fault)/),
  fuzz: (...to) =>
    counted(...to, ['tools/prove/fuzz/fuzz.mjs', '--as-built'], /^PASS {2}requests by the desc/),
  compat: (...to) => counted(...to, ['tools/compat/compat.mjs', '--as-built'], /^share |^test functions in/),
  soak: (...to) => counted(...to, ['tools/soak/soak.mjs', '--as-built'], /^PASS {2}memory|\d+ a second/),
};

async function git(...args) {
  return (await run('git', args)).output.trim();
}

/** Rows and figures of the proofs that ran; of the others those that are there. */
async function proofText(rows, seed) {
  const commit = await git('rev-parse', '--short=12', 'HEAD');
  const isClean =
    (await git('status', '--porcelain', '--', '.', ...WRITTEN.map((file) => `:!${file}`))) === '';
  const origin = `${commit}${isClean ? '' : ' with changes'} | ${new Date().toISOString().slice(0, 10)} | ${seed}`;
  const before = existsSync(join(ROOT, PROOF_FILE))
    ? readFileSync(join(ROOT, PROOF_FILE), 'utf8').split('\n')
    : [];
  const linesOf = (name) => {
    const row = rows.find((one) => one.name === name);
    if (!row)
      return before.filter((line) => line.startsWith(`| ${name} |`) || line.startsWith(`- ${name}: `));
    const { passed, failed, skipped, minutes, figures } = row;
    return [
      `| ${name} | ${passed} | ${failed} | ${skipped} | ${minutes.toFixed(1)} | ${origin} |`,
      ...figures.slice(-3).map((line) => `- ${name}: ${line.trim()}`),
    ];
  };
  const lines = Object.keys(PROOFS).flatMap(linesOf);
  return [
    '# Proof',
    '',
    '`npm run prove` writes this file; [SPECIFICATION.md](../SPECIFICATION.md) tells what each proof holds.',
    '',
    `Last on ${cpus().length} x ${cpus()[0]?.model.trim()}, Linux ${release()}, Node ${process.versions.node}.`,
    '',
    '| proof | passed | failed | skipped | minutes | commit | date | seed |',
    '|---|---|---|---|---|---|---|---|',
    ...lines.filter((line) => line.startsWith('|')),
    '',
    ...lines.filter((line) => !line.startsWith('|')),
    '',
  ].join('\n');
}

await runMain(async () => {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !(name in PROOFS));
  if (unknown.length > 0) {
    throw new SetUpError(
      `No proof is called ${unknown.join(', ')}. There are: ${Object.keys(PROOFS).join(', ')}.`,
    );
  }
  await setUp({ mayInstall: true });
  endTogether();
  mkdirSync(REPORTS, { recursive: true });
  // A proof that is skipped proves nothing.
  Object.assign(process.env, { PYCELL_PROOF: 'whole', PYCELL_REQUIRE_JAIL: 'true' });
  const seed = chooseSeed();
  note(`Seed ${seed}: PYCELL_SEED=${seed} repeats the order of the soak.`);
  const tally = new Tally();
  const rows = [];
  for (const name of names.length > 0 ? names : Object.keys(PROOFS)) {
    const since = performance.now();
    const figures = (await step(`Proving ${name}`, () => PROOFS[name](tally, name))) ?? [];
    rows.push({ ...tally.last, figures, minutes: (performance.now() - since) / 60_000 });
  }
  writeFileSync(join(ROOT, PROOF_FILE), await proofText(rows, seed));
  tally.print();
  return tally.failed === 0 ? 0 : 1;
});
