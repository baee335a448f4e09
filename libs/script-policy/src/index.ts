export { allowNames, DEFAULT_POLICY_RULES, type PolicyRules } from './policy-rules';
export type { PolicyRule, PolicyViolation } from './policy-violation';
export type { ParserWasm } from './python-parser';
export { ScriptPolicy, type ScriptAnalysis } from './script-policy';
export { countCodePoints, type SourcePosition } from './source-position';
