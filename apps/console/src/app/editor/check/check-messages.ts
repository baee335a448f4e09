import type { ExecutionMode } from '@pycell/contracts';
import type { PolicyRules, ScriptAnalysis } from '@pycell/script-policy';

/** What the page sends to the policy's worker. */
export type CheckRequest =
  | { readonly kind: 'load'; readonly runtimeUrl: string; readonly pythonUrl: string }
  | {
      readonly kind: 'check';
      readonly id: number;
      readonly script: string;
      readonly rules: PolicyRules;
      /** Hints are true in it. */
      readonly mode: ExecutionMode;
    };

/** What the worker answers: to a check, under its id; or that it can check nothing. */
export type CheckAnswer =
  | {
      readonly kind: 'analysis';
      readonly id: number;
      readonly analysis: ScriptAnalysis;
      /** For a script without `main`: the same with one, null where that cannot be made. */
      readonly wrapped: string | null;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };
