import type { Refusal } from '../policy/judgement';
import { ExecutionFailure } from './execution-failure';

/** Of a script that CPython accepts and the policy's parser does not. */
export const UNREADABLE_MESSAGE =
  'The script policy cannot read this script from here on, so it is not run. Write it in simpler syntax.';

/** Returns the error for a script that the policy refuses. */
export function refused({ message, violations }: Refusal): ExecutionFailure {
  const [first] = violations;
  return new ExecutionFailure('POLICY_VIOLATION', message, {
    ...(first && { line: first.line, column: first.column, violations }),
    ...(first?.hint !== undefined && { hint: first.hint }),
  });
}
