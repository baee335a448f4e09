import type { ContainmentTheme } from '../containment/containment-case';
import type { Layer } from './layers';
import { type Judgement, type Verdict, VERDICTS } from './verdict';

const HELD = '·';
/** In the place of what would differ from time to time. */
const UNSTEADY = 'see pairs';

/** What was found out about one layer. */
export interface LayerFindings {
  readonly layer: Layer;
  /** What the service says of a jail without it. */
  readonly notice: string;
  /** By theme and name of the case. */
  readonly judgements: ReadonlyMap<string, Judgement>;
}

/** What a matrix document says: cases that it does not name hold. */
export interface DocumentedMatrix {
  verdict(layer: Layer, theme: string, name: string): Verdict;
  notice(layer: Layer): string | undefined;
}

export function keyOf(theme: string, name: string): string {
  return `${theme} | ${name}`;
}

/** Returns the text of docs/security-matrix.md: the same for the same findings. */
export function matrixDocument(
  themes: readonly ContainmentTheme[],
  findings: readonly LayerFindings[],
): string {
  return [
    ...HEAD,
    row(['layer taken', 'what is missing', 'the self-test notices', ...VERDICTS]),
    rule(3 + VERDICTS.length),
    ...findings.map((found) => row([found.layer.name, found.layer.without, found.notice, ...counts(found)])),
    '',
    ...themes.flatMap((theme) => themeSection(theme, findings)),
    '## Parts of an answer',
    '',
    'What a case with many parts is made of, where only some of them differ.',
    '',
    ...themes.flatMap((theme) => theme.cases.flatMap(({ name }) => partLines(theme.theme, name, findings))),
    '',
  ].join('\n');
}

const HEAD = [
  '# Security matrix',
  '',
  '`npm run prove -- layers` writes this file: the hostile scripts of `apps/api-e2e/src/containment`, each in a warm jail of root that',
  'lacks one layer (the policy, which is none, is off). A layer is taken from a throw-away copy of the installation, in a container',
  'with limits of memory and processes and without network. Where the self-test notices, nothing would run; it is silenced there. What',
  'stands alone, and why, is in [the threat model](threat-model.md#layers-that-stand-alone).',
  '',
  `- **held** (${HELD}): the answer is that of a complete jail.`,
  '- **other**: refused all the same, by another layer: its error differs (EPERM, EACCES, ENOSYS, EROFS).',
  '- **reached**: refused for the arguments that were tried only, so no other layer closes the call.',
  '- **fell**: it did what it must not, or what came of it is unclear.',
  `- **${UNSTEADY}**: what falls depends on what other runs do at that moment;`,
  '  `apps/api-e2e/src/pairs-without-layers.e2e-spec.ts` has them do it.',
  '',
];

function themeSection({ theme, cases }: ContainmentTheme, findings: readonly LayerFindings[]): string[] {
  const differing = cases.filter(({ name }) =>
    findings.some((found) => !found.layer.isUnsteady && verdictIn(found, theme, name) !== 'held'),
  );
  const holding = `${cases.length - differing.length} of ${cases.length} cases hold whatever is taken.`;
  if (differing.length === 0) {
    return [`## A script ${theme}`, '', holding, ''];
  }
  const lines = differing.map(({ name }) =>
    row([escaped(name), ...findings.map((found) => cell(found, theme, name))]),
  );
  const head = row(['case', ...findings.map(({ layer }) => layer.column)]);
  return [`## A script ${theme}`, '', holding, '', head, rule(1 + findings.length), ...lines, ''];
}

function partLines(theme: string, name: string, findings: readonly LayerFindings[]): string[] {
  const steady = findings.filter(({ layer }) => !layer.isUnsteady);
  const parts = steady.flatMap(({ layer, judgements }) => {
    const differences = judgements.get(keyOf(theme, name))?.differences ?? [];
    return differences.length === 0 ? [] : [`  - without ${layer.name}: ${differences.join(', ')}`];
  });
  return parts.length === 0 ? [] : [`- ${name}`, ...parts];
}

function counts({ layer, judgements }: LayerFindings): string[] {
  if (layer.isUnsteady) {
    return VERDICTS.map(() => UNSTEADY);
  }
  const all = [...judgements.values()].map(({ verdict }) => verdict);
  return VERDICTS.map((verdict) => String(all.filter((one) => one === verdict).length));
}

function verdictIn({ judgements }: LayerFindings, theme: string, name: string): Verdict {
  // A case that was not tried proves nothing.
  return judgements.get(keyOf(theme, name))?.verdict ?? 'fell';
}

function cell(found: LayerFindings, theme: string, name: string): string {
  return found.layer.isUnsteady ? UNSTEADY : mark(verdictIn(found, theme, name));
}

function mark(verdict: Verdict): string {
  return verdict === 'held' ? HELD : verdict === 'fell' ? '**fell**' : verdict;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function rule(columns: number): string {
  return `|${'---|'.repeat(columns)}`;
}

/** Reads a document back that `matrixDocument` wrote. */
export function readMatrix(text: string): DocumentedMatrix {
  const cells = new Map<string, string>();
  const notices = new Map<string, string>();
  let theme = '';
  let columns: string[] = [];
  for (const line of text.split('\n')) {
    theme = /^## A script (.*)$/.exec(line)?.[1] ?? theme;
    const [first = '', ...others] = line.startsWith('| ') ? line.slice(2, -2).split(' | ') : [];
    if (first === 'case') {
      columns = others;
    } else if (theme === '') {
      notices.set(first, others[1] ?? '');
    } else {
      others.forEach((cell, index) => cells.set(`${theme} | ${first} | ${columns[index] ?? ''}`, cell));
    }
  }
  return {
    verdict: (layer, of, name) =>
      VERDICTS.find((verdict) => mark(verdict) === cells.get(`${of} | ${escaped(name)} | ${layer.column}`)) ??
      'held',
    notice: (layer) => notices.get(layer.name),
  };
}
