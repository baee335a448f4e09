/** Memory limits that people copy from texts: the same sum as in the manifests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../set-up/places.mjs';
import { SERVICE_MIB } from './service-facts.mjs';

const DEFAULT_RUNS = 2;
const RUN_MIB = 512;

/** Where a limit stands, and the number of runs that it is for, if the text says one. */
const PLACES = [
  { file: 'docs/operations.md', pattern: /--memory (?<limit>\d+)m/g },
  { file: 'docs/operations.md', pattern: /\*\*with (?<runs>\d+) x 512 MiB[^|]*\| \*\*(?<limit>\d+)\*\*/g },
  { file: 'infra/compose/compose.yaml', pattern: /PYCELL_MEMORY:-(?<limit>\d+)m/g },
];

export function sizeProblems() {
  return PLACES.flatMap(({ file, pattern }) => {
    const found = [...readFileSync(join(ROOT, file), 'utf8').matchAll(pattern)];
    const wrong = found.filter(({ groups: { limit, runs = DEFAULT_RUNS } }) => {
      return Number(limit) !== SERVICE_MIB + Number(runs) * RUN_MIB;
    });
    return [
      ...(found.length === 0 ? [`${file} has no memory limit like ${pattern}`] : []),
      ...wrong.map(([text]) => `${file}: "${text}" is not ${SERVICE_MIB} + runs x ${RUN_MIB} MiB`),
    ];
  });
}
