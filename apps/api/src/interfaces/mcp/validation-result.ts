import type { ForeignValidation } from '../door/interface-executions';
import type { Splices } from './spliced-text';
import { toldError, type ToolResult } from './tool-outcome';

/** Makes the result of tools/call of what was found in a script. A script that is wrong is no error: it was looked at. */
export function validationResult(validation: ForeignValidation, splices: Splices): ToolResult {
  const told =
    validation.kind === 'described' ? validation.description : { valid: false, error: toldError(validation) };
  const json = JSON.stringify(told);
  return {
    content: [{ type: 'text', text: splices.add(JSON.stringify(json)) }],
    structuredContent: { ...told },
    isError: validation.kind === 'failed',
  };
}
