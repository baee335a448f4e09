/** What was found, for the terminal and for docs/compatibility.md. */
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { reasonFor } from './differences.mjs';

/** Of what passes bare, inside. */
const GOAL = 0.999;
/** How much of what was seen is shown. */
const SEEN_LENGTH = 160;

const NEEDS = {
  process: 'start another program or process',
  network: 'use the network',
  memory: 'reserve 128 MiB or more',
  time: 'take more than ten seconds',
  threads: 'start more than 24 threads',
};

/** @returns {{ text: string, lines: string[], passed: number, failed: number }} `text` is the document */
export function reportOf(found) {
  const { sample, differences, tolerated, seed, packages } = found;
  const same = sample.length - differences.size;
  const unexplained = [...differences.keys()].filter((name) => reasonFor(name) === undefined);
  const isTooFew = sample.length < found.wanted;
  const isBelowGoal = differences.size > tolerated && same < sample.length * GOAL;
  const rows = [
    ['test modules, chosen by the seed', found.modules],
    ['test functions that ran bare', found.ran],
    ['of these did not pass bare, or were skipped', found.notPassing],
    ...Object.entries(NEEDS).map(([need, words]) => [`of these ${words}`, found.needs[need] ?? 0]),
    ['test functions in the sample', sample.length],
    ['of these from numpy', sample.filter((name) => name.startsWith('numpy/')).length],
    ['cases of these functions that passed bare', found.cases],
    ['functions that passed inside, each with as many cases', same],
    ['share', `${((100 * same) / Math.max(1, sample.length)).toFixed(2)} %`],
  ];
  const listed = [...differences].map(([name, seen]) => ({
    name,
    seen: seen.replace(/\s+/g, ' ').slice(0, SEEN_LENGTH),
    reason: reasonFor(name) ?? 'NOT EXPLAINED: a defect',
  }));
  return {
    text: documentOf(rows, listed, seed, packages),
    lines: [
      ...rows.map(([words, count]) => `${words.padEnd(58)} ${count}`),
      ...listed.map(({ name, seen, reason }) => `${name}\n    seen: ${seen}\n    reason: ${reason}`),
      ...(isTooFew ? [`Fewer than ${found.wanted} functions could be compared.`] : []),
      ...(isBelowGoal ? [`Less than ${GOAL * 100} % passed inside.`] : []),
    ],
    passed: same,
    failed:
      (unexplained.length > tolerated ? unexplained.length : 0) + (isBelowGoal ? 1 : 0) + (isTooFew ? 1 : 0),
  };
}

function documentOf(rows, listed, seed, packages) {
  const manifest = JSON.parse(readFileSync(join(packages, 'packages.json'), 'utf8'));
  const versionOf = (name) => manifest.packages.find((one) => one.name === name)?.version;
  return [
    '# Compatibility',
    '',
    '`npm run compat` writes this file. numpy and pandas bring their own tests in their wheels. They run twice: bare, by the',
    'interpreter of this host, and inside, as scripts through `POST /execute` in a sandbox root that has pytest as well. Only',
    'functions that pass bare are compared, and only those that need no other process, no network and no larger limit, as the',
    'bare run shows: audit events, time, address space. A function passes inside when it passes there with as many cases as bare. The policy',
    'is off, and the time limit is 120 s, since one run holds hundreds of tests; all other limits are the usual ones.',
    '',
    `numpy ${versionOf('numpy')}, pandas ${versionOf('pandas')}, Python ${manifest.python.version}, Linux ${release()}, ` +
      `${new Date().toISOString().slice(0, 10)}, seed ${seed}.`,
    '',
    '| what | number |',
    '|---|---|',
    ...rows.map(([words, count]) => `| ${words} | ${count} |`),
    '',
    '## Differences',
    '',
    ...(listed.length === 0
      ? ['None.']
      : [
          '| function | seen inside | reason |',
          '|---|---|---|',
          ...listed.map(
            ({ name, seen, reason }) =>
              `| \`${name.replaceAll('|', '\\|')}\` | ${escaped(seen)} | ${escaped(reason)} |`,
          ),
        ]),
    '',
  ].join('\n');
}

function escaped(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*').replaceAll('_', '\\_');
}
