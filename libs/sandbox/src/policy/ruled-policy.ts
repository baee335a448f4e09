import {
  allowNames,
  ScriptPolicy,
  type ParserWasm,
  type Patience,
  type PolicyRules,
} from '@pycell/script-policy';
import { judgementOf, type Judgement } from './judgement';
import type { PermittedName, ScriptTerms } from './script-terms';

const KNOWN_PERMISSIONS: readonly PermittedName[] = ['input', 'open'];
/** All that a request can permit, in the order in which `variantOf` counts. */
const PERMISSIONS: readonly (readonly PermittedName[])[] = [[], ['input'], ['open'], ['input', 'open']];

function variantOf(permitted: readonly PermittedName[]): number {
  return (permitted.includes('input') ? 1 : 0) + (permitted.includes('open') ? 2 : 0);
}

/** Returns the rules without names that a request permits; the operator may have allowed these for all scripts. */
function permitting(rules: PolicyRules, names: readonly PermittedName[]): PolicyRules {
  const blocked = names.filter((name) => rules.blockedNames.includes(name));
  return blocked.length === 0 ? rules : allowNames(rules, blocked);
}

/**
 * The policy with the rules of the service, or those that a script's terms bring. The event loop has one, and each thread.
 * Nothing is remembered of a script, nor of rules that it brought: no caller can be judged by those of another.
 */
export class RuledPolicy {
  /** Of the service's rules: made ahead, so that the terms of an ordinary script cost a look-up. */
  private readonly variants: readonly PolicyRules[];

  private constructor(
    private readonly policy: ScriptPolicy,
    private readonly rules: PolicyRules,
  ) {
    this.variants = PERMISSIONS.map((names) => permitting(rules, names));
  }

  static async load(wasm: ParserWasm, rules: PolicyRules): Promise<RuledPolicy> {
    return new RuledPolicy(await ScriptPolicy.load(wasm), rules);
  }

  /**
   * @param patience when to give up; the script has a refusal then that says so
   * @throws a RuntimeError of the wasm, which no script is known to cause; the parser is in no state that is known then
   */
  judge(script: string, terms: ScriptTerms, patience: Patience): Judgement {
    const { mode } = terms;
    return judgementOf(this.policy.check(script, this.rulesFor(terms), { mode, patience }));
  }

  private rulesFor({ permitted, rules }: ScriptTerms): PolicyRules {
    return rules
      ? permitting(
          rules,
          KNOWN_PERMISSIONS.filter((name) => permitted.includes(name)),
        )
      : (this.variants[variantOf(permitted)] ?? this.rules);
  }
}
