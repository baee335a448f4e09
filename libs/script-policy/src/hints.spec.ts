import { hintFor } from './hints';
import type { ScriptPolicy } from './index';
import { complaints, loadInstalledPolicy } from './loaded-policy.contract';
import { DEFAULT_POLICY_RULES } from './policy-rules';

let policy: ScriptPolicy;
beforeAll(async () => {
  policy = await loadInstalledPolicy();
});

describe('hints', () => {
  it.each(DEFAULT_POLICY_RULES.blockedModules)('tell what is open instead of the module %s', (name) => {
    const [violation] = policy.check(`import ${name}\ndef main(): return 1`).violations;
    expect(violation?.hint).toMatch(/\w{3}.*[.]$/);
    expect(violation?.hint).toBe(hintFor('blocked-import', name));
  });

  it.each(DEFAULT_POLICY_RULES.blockedNames)('tell what is open instead of %s', (name) => {
    const [violation] = policy.check(`def main(): return ${name}("x")`).violations;
    expect(violation?.hint).toMatch(/\w{3}.*[.]$/);
    expect(violation?.hint).toBe(hintFor('blocked-name', name));
  });

  it.each(DEFAULT_POLICY_RULES.blockedModules)('name no way that is blocked itself, for %s', (name) => {
    const hint = hintFor('blocked-import', name) ?? '';
    const code = `${[...hint.matchAll(/\b([a-z]+(?:\.[a-z]+)*)\(/g)].map(([, call]) => `${call}(1)`).join('\n')}\n`;
    expect(complaints(policy, code)).toEqual([]);
  });

  it('tell where an invisible character may come from', () => {
    const [violation] = policy.check('x = "\x1b"').violations;
    expect(violation?.hint).toContain('invisible');
  });
});
