import { DEFAULT_LIMITS } from '@pycell/contracts';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import type { Caller } from './caller';
import { interfaceTerms } from './interface-terms';

const NONE = { ownPolicy: false, ownScriptSize: false };
const CALLER: Caller = {
  id: 'key:a',
  key: 'a',
  maxPlaces: 3,
  limits: DEFAULT_LIMITS,
  policyRules: DEFAULT_POLICY_RULES,
  rate: { requests: 1, seconds: 2 },
  version: 4,
};

describe('The terms of an interface', () => {
  it('are those of the caller, without a policy and with scripts of 200,000 characters', () => {
    const changed = { ...CALLER, policyRules: null, limits: { ...DEFAULT_LIMITS, maxScriptSize: 200_000 } };
    expect(interfaceTerms(CALLER, NONE)).toEqual(changed);
    expect(interfaceTerms({ ...CALLER, key: null }, undefined)).toEqual({ ...changed, key: null });
  });

  it('leave what a key says of its own', () => {
    const limits = { ...DEFAULT_LIMITS, maxScriptSize: 400 };
    const caller = { ...CALLER, limits };
    const own = interfaceTerms(caller, { ownPolicy: true, ownScriptSize: true });
    expect(own.policyRules).toBe(DEFAULT_POLICY_RULES);
    expect(own.limits).toBe(limits);
  });

  it('are what it has anyway where its key has left the file', () => {
    expect(interfaceTerms(CALLER, undefined)).toBe(CALLER);
  });

  it('take nothing away where the service lets scripts be longer', () => {
    const limits = { ...DEFAULT_LIMITS, maxScriptSize: 300_000 };
    expect(interfaceTerms({ ...CALLER, limits }, NONE).limits).toBe(limits);
  });
});
