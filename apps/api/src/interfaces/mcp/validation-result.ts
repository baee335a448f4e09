import { stringifyExactly, withoutExactNumbers } from '../door/exact-numbers';
import type { ForeignValidation } from '../door/interface-executions';
import type { Splices } from './spliced-text';
import { toldError, type ToolResult } from './tool-outcome';

/** Makes the result of tools/call of what was found in a script. A script that is wrong is no error: it was looked at. */
export function validationResult(validation: ForeignValidation, splices: Splices): ToolResult {
  const told =
    validation.kind === 'described' ? validation.description : { valid: false, error: toldError(validation) };
  const json = stringifyExactly(told);
  return {
    content: [{ type: 'text', text: splices.add(JSON.stringify(json)) }],
    structuredContent: withoutExactNumbers(told, (digits) =>
      splices.add(digits),
    ) as ToolResult['structuredContent'],
    isError: validation.kind === 'failed',
  };
}
