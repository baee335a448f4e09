import { hintFor } from './hints';
import type { ExecutionMode } from '@pycell/contracts';
import type { ScriptPolicy } from './index';
import { loadInstalledPolicy } from './loaded-policy.contract';
import { allowNames, DEFAULT_POLICY_RULES } from './policy-rules';

const MODES: readonly ExecutionMode[] = ['function', 'script'];
const { blockedModules, blockedNames } = DEFAULT_POLICY_RULES;
const inBoth = (names: readonly string[]): [ExecutionMode, string][] =>
  MODES.flatMap((mode) => names.map((name): [ExecutionMode, string] => [mode, name]));

let policy: ScriptPolicy;
beforeAll(async () => {
  policy = await loadInstalledPolicy();
});

/** The hint that comes with the only violation of a script. */
function hintOf(script: string, mode: ExecutionMode): string | undefined {
  const { violations } = policy.check(script, DEFAULT_POLICY_RULES, { mode });
  expect(violations).toHaveLength(1);
  return violations[0]?.hint;
}

describe('hints', () => {
  it.each(inBoth(blockedModules))('tell in mode %s what is open instead of the module %s', (mode, name) => {
    const hint = hintOf(`import ${name}\ndef main(): return 1`, mode);
    expect(hint).toMatch(/\w{3}.*[.]$/);
    expect(hint).toBe(hintFor('blocked-import', name, mode));
  });

  it.each(inBoth(blockedNames))('tell in mode %s what is open instead of %s', (mode, name) => {
    const hint = hintOf(`def main(): return ${name}("x")`, mode);
    expect(hint).toMatch(/\w{3}.*[.]$/);
    expect(hint).toBe(hintFor('blocked-name', name, mode));
  });

  it.each(inBoth(blockedModules))('name in mode %s no way that is blocked itself, for %s', (mode, name) => {
    // That these two are blocked no more once the request has something for them is what the hints say.
    const rules = allowNames(DEFAULT_POLICY_RULES, ['input', 'open']);
    const hint = hintFor('blocked-import', name, mode) ?? '';
    const calls = [...hint.matchAll(/\b([a-z]+(?:\.[a-z]+)*)\(/g)].map(([, call]) => `${call}(1)\n`);
    expect(policy.check(calls.join(''), rules)).toMatchObject({ violations: [], parseError: null });
  });

  it.each([
    ['import sys\nsys.stdin.read()', /"stdin".*"inputs"/],
    ['import os\nos.environ["KEY"]', /"files".*output\/.*"inputs"/],
    ['input()', /"stdin".*"inputs"/],
    ['raw_input()', /"stdin".*"inputs"/],
    ['open("data.csv")', /"files".*output\/.*"stdin"/],
    ['file("data.csv")', /"files".*output\//],
  ])('name the field of the request that has what %j asks for', (script, fields) => {
    for (const mode of MODES) expect(hintOf(script, mode)).toMatch(fields);
  });

  it.each([
    ['input()', 'the arguments of main()', 'global names'],
    ['import os', 'the arguments of main()', 'global names'],
    ['import sys', 'return from main()', 'raise SystemExit'],
    ['exit()', 'Return from main()', 'raise SystemExit'],
    ['quit()', 'Return from main()', 'raise SystemExit'],
  ])('of %j are true in both modes', (script, ofFunction, ofScript) => {
    expect(hintOf(script, 'function')).toContain(ofFunction);
    expect(hintOf(script, 'function')).not.toContain(ofScript);
    expect(hintOf(script, 'script')).toContain(ofScript);
    expect(hintOf(script, 'script')).not.toContain('main()');
  });

  it('are those of the mode function where nothing is said', () => {
    expect(policy.check('exit()').violations[0]?.hint).toBe(hintOf('exit()', 'function'));
    expect(hintFor('blocked-name', 'exit')).toBe(hintOf('exit()', 'function'));
  });

  it.each(['raise SystemExit', 'raise SystemExit(1)'])(
    'lead to %j, which is refused in no mode',
    (script) => {
      for (const mode of MODES)
        expect(policy.check(script, DEFAULT_POLICY_RULES, { mode }).violations).toEqual([]);
    },
  );

  it('tell where an invisible character may come from', () => {
    const [violation] = policy.check('x = "\x1b"').violations;
    expect(violation?.hint).toContain('invisible');
  });
});
