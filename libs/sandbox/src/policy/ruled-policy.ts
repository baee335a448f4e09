import {
  allowNames,
  ScriptPolicy,
  type ParserWasm,
  type Patience,
  type PolicyRules,
} from '@pycell/script-policy';
import { judgementOf, type Judgement } from './judgement';
import type { PermittedName, ScriptTerms } from './script-terms';

/** All that a request can permit, in the order in which `variantOf` counts. */
const PERMISSIONS: readonly (readonly PermittedName[])[] = [[], ['input'], ['open'], ['input', 'open']];

function variantOf(permitted: readonly PermittedName[]): number {
  return (permitted.includes('input') ? 1 : 0) + (permitted.includes('open') ? 2 : 0);
}

/** The policy with its rules, as they are for the terms of each script. The event loop has one, and each thread. */
export class RuledPolicy {
  /** Made ahead, so that a script's terms cost a look-up. */
  private readonly variants: readonly PolicyRules[];

  private constructor(
    private readonly policy: ScriptPolicy,
    private readonly rules: PolicyRules,
  ) {
    this.variants = PERMISSIONS.map((names) =>
      // The operator may have allowed it for all scripts.
      allowNames(
        rules,
        names.filter((name) => rules.blockedNames.includes(name)),
      ),
    );
  }

  static async load(wasm: ParserWasm, rules: PolicyRules): Promise<RuledPolicy> {
    return new RuledPolicy(await ScriptPolicy.load(wasm), rules);
  }

  /**
   * @param patience when to give up; the script has a refusal then that says so
   * @throws a RuntimeError of the wasm, which no script is known to cause; the parser is in no state that is known then
   */
  judge(script: string, { mode, permitted }: ScriptTerms, patience: Patience): Judgement {
    const rules = this.variants[variantOf(permitted)] ?? this.rules;
    return judgementOf(this.policy.check(script, rules, { mode, patience }));
  }
}
