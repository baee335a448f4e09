export { hintFor } from './hints';
export { normalizeScript } from './normalize-script';
export { allowNames, DEFAULT_POLICY_RULES, type PolicyRule, type PolicyRules } from './policy-rules';
export type { PolicyViolation } from './policy-violation';
export type { ParserWasm, Patience } from './python-parser';
export { ScriptPolicy, TOO_COMPLEX_MESSAGE, type CheckOptions, type ScriptAnalysis } from './script-policy';
export { countCodePoints, type SourcePosition } from './source-position';
