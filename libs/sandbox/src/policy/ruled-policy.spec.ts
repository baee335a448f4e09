import { readFileSync } from 'node:fs';
import { allowNames, DEFAULT_POLICY_RULES, type PolicyRules } from '@pycell/script-policy';
import type { Judgement } from './judgement';
import { RuledPolicy } from './ruled-policy';
import { NO_RULES, PLAIN_TERMS, type PermittedName, type ScriptTerms } from './script-terms';

/** Each way to say what a request permits: sets in every order, and one with a name twice. */
const PERMISSIONS: readonly (readonly PermittedName[])[] = [
  [],
  ['input'],
  ['open'],
  ['input', 'open'],
  ['open', 'input'],
  ['open', 'open'],
];
const OPERATORS: readonly (readonly string[])[] = [
  [],
  ['open'],
  ['input'],
  ['input', 'open'],
  ['os', 'open', 'eval'],
];
/** Uses of each, under other names too, with what else is blocked beside them. */
const SCRIPTS = [
  'input()',
  'open("x")',
  'f = open\nf("x")',
  'def main(read=input): return read()',
  'list(map(open, names))',
  'open(input())',
  'import os\nopen(eval(input()))',
  'def open(x): return x\nopen("x")',
  'x = open = open',
  'file("x"), raw_input()',
  'def main(): return 1',
];

function load(rules: PolicyRules): Promise<RuledPolicy> {
  const wasm = {
    runtime: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    python: readFileSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm')),
  };
  return RuledPolicy.load(wasm, rules);
}
const judge = (policy: RuledPolicy, script: string, terms: Partial<ScriptTerms> = {}): Judgement =>
  policy.judge(script, { ...PLAIN_TERMS, ...terms }, () => true);
const messages = ({ refusal }: Judgement): string[] =>
  (refusal?.violations ?? []).map(({ message }) => message.replace('Dangerous operation detected: ', ''));

describe('RuledPolicy', () => {
  it.each(OPERATORS)(
    'refuses exactly what neither the operator nor the request permits: %j',
    async (...names) => {
      const rules = allowNames(DEFAULT_POLICY_RULES, names);
      const policy = await load(rules);
      const withDefaults = await load(DEFAULT_POLICY_RULES);
      for (const script of SCRIPTS) {
        const all = messages(judge(withDefaults, script));
        for (const permitted of PERMISSIONS) {
          const free = [...names, ...permitted].flatMap((name) => [`${name}(`, `import ${name}`]);
          const told = all.filter((message) => !free.includes(message));
          expect([script, permitted, messages(judge(policy, script, { permitted }))]).toEqual([
            script,
            permitted,
            told,
          ]);
          // The same rules, brought by the script's caller to a service that has others.
          const brought = { permitted, rules };
          expect([script, permitted, messages(judge(withDefaults, script, brought))]).toEqual([
            script,
            permitted,
            told,
          ]);
        }
      }
    },
  );

  it('permits for one script what it refuses the next', async () => {
    const policy = await load(DEFAULT_POLICY_RULES);
    expect(messages(judge(policy, 'input()', { permitted: ['input'] }))).toEqual([]);
    expect(messages(judge(policy, 'input()'))).toEqual(['input(']);
    expect(messages(judge(policy, 'f = open', { permitted: ['open'] }))).toEqual([]);
    expect(messages(judge(policy, 'f = open', { permitted: ['input'] }))).toEqual(['open(']);
  });

  it('lets no request permit anything else', async () => {
    const policy = await load(DEFAULT_POLICY_RULES);
    const permitted = ['eval', 'os', '__import__', 'input'] as PermittedName[];
    for (const rules of [null, DEFAULT_POLICY_RULES]) {
      expect(messages(judge(policy, 'import os\neval(input())', { permitted, rules }))).toEqual([
        'import os',
        'eval(',
      ]);
    }
  });

  it('has nothing to permit where the policy is off', async () => {
    const policy = await load(NO_RULES);
    for (const permitted of PERMISSIONS) {
      const judgement = judge(policy, 'import os, numpy\nopen(input())', { permitted });
      expect(judgement).toMatchObject({ refusal: null, imports: ['os', 'numpy'] });
    }
  });

  it('asks for no main() in any mode, and refuses the same in both', async () => {
    const policy = await load(DEFAULT_POLICY_RULES);
    for (const mode of ['function', 'script'] as const) {
      for (const script of ['print(1)\n1 + 1', 'def main(): return 1\nmain()', 'raise SystemExit']) {
        expect(judge(policy, script, { mode })).toEqual({
          script,
          refusal: null,
          unparsed: null,
          imports: [],
        });
      }
      expect(messages(judge(policy, 'import sys\nexit(), quit()', { mode }))).toEqual([
        'import sys',
        'exit(',
        'quit(',
      ]);
    }
  });

  it('has hints that are true in the mode', async () => {
    const policy = await load(DEFAULT_POLICY_RULES);
    const hint = (mode: ScriptTerms['mode']) =>
      judge(policy, 'exit()', { mode }).refusal?.violations[0]?.hint;
    expect(hint('function')).toMatch(/^Return from main\(\)/);
    expect(hint('script')).toMatch(/raise SystemExit/);
  });

  it('names what the script will need beside what it imports', async () => {
    const policy = await load(DEFAULT_POLICY_RULES);
    expect(judge(policy, 'import pandas as pd\npd.DataFrame().plot()').imports).toEqual([
      'pandas',
      'matplotlib',
    ]);
    expect(judge(policy, 'import matplotlib.pyplot, pandas\npandas.Series().hist()').imports).toEqual([
      'matplotlib',
      'pandas',
    ]);
  });
});
