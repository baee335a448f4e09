import type { ErrorCode, ParametersSchema, ValidateResponse } from '@pycell/contracts';
import { stringifyExactly } from '../door/exact-numbers';
import type { ForeignClient } from '../door/foreign-client';
import type { ForeignFailure, ForeignOutcome } from '../door/foreign-outcome';
import type { InterfaceExecutions } from '../door/interface-executions';
import { ToolFault } from './tool-folder';

/** Of a description: a model reads all of them with every question. */
const MAX_DESCRIPTION_CHARACTERS = 8_000;
/** JSON of an input schema, characters. */
const MAX_SCHEMA_CHARACTERS = 64 * 1024;
/** Executed with the text of a tool as its input: nothing of the tool is. */
const READ_DOCSTRING = 'import ast\ndef main(source):\n    return ast.get_docstring(ast.parse(source))\n';

/** A script of the operator's as a tool. */
export interface ScriptTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: ParametersSchema;
  readonly script: string;
}

/** A script that cannot be looked at now, since there is no room. Nothing may be wrong with it. */
export class NotNow extends Error {
  override readonly name = 'NotNow';
}

/** A look at a script that came to nothing: it may be too hard to look at, or the machine too busy, or the run was killed. */
export class LookFailed extends Error {
  override readonly name = 'LookFailed';
}

/** What says nothing of a script that was only parsed. */
const OF_THE_LOOK: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'TIMEOUT',
  'MEMORY_LIMIT',
  'SCRIPT_CRASHED',
  'SCRIPT_EXITED',
  'INTERNAL',
]);

/**
 * Makes a tool of a script: CPython parses it in a run of its own, nothing of it is executed.
 * @throws ToolFault, whose message has the line where there is one; NotNow; LookFailed
 */
export async function toolOf(
  name: string,
  script: string,
  executions: Pick<InterfaceExecutions, 'execute' | 'validate'>,
  client: ForeignClient,
): Promise<ScriptTool> {
  const validated = await executions.validate(script, 'function', client, 'mcp');
  if (validated.kind === 'failed') {
    throw faultOf(validated);
  }
  const inputSchema = schemaOf(validated.description);
  const description =
    validated.description.main?.doc ??
    docstringOf(await executions.execute(docstringRequest(script), client, 'mcp'));
  if (!description) {
    throw new ToolFault(
      'neither main() nor the module has a docstring, by which a model knows what it is for: write one',
    );
  }
  if (description.length > MAX_DESCRIPTION_CHARACTERS) {
    throw new ToolFault(
      `its docstring has ${description.length} characters, the limit is ${MAX_DESCRIPTION_CHARACTERS}: shorten it`,
    );
  }
  return { name, description, inputSchema, script };
}

function schemaOf({ syntaxError, violations, main }: ValidateResponse): ParametersSchema {
  if (syntaxError) {
    throw new ToolFault(`line ${syntaxError.line ?? 1}: ${syntaxError.error}`);
  }
  const [violation] = violations;
  if (violation) {
    throw new ToolFault(`line ${violation.line}: ${violation.message}`);
  }
  if (!main) {
    throw new ToolFault('it has no main() at its top level, which is what a call calls: define one');
  }
  const { length } = stringifyExactly(main.parameters);
  if (length > MAX_SCHEMA_CHARACTERS) {
    throw new ToolFault(
      `the schema of its parameters has ${length} characters, the limit is ${MAX_SCHEMA_CHARACTERS}: let main() take less`,
    );
  }
  return main.parameters;
}

function docstringRequest(script: string) {
  const inputs = Buffer.from(JSON.stringify({ source: script }));
  return { script: READ_DOCSTRING, mode: 'function', inputs } as const;
}

function docstringOf(outcome: ForeignOutcome): string | null {
  if (outcome.kind === 'failed') {
    throw faultOf(outcome);
  }
  const docstring: unknown = JSON.parse(outcome.resultJson.toString());
  return typeof docstring === 'string' ? docstring : null;
}

function faultOf({ code, message, line }: ForeignFailure): Error {
  if (code === 'SANDBOX_BUSY' || code === 'SANDBOX_UNAVAILABLE') {
    return new NotNow(message);
  }
  return OF_THE_LOOK.has(code)
    ? new LookFailed(message)
    : new ToolFault(line === undefined ? message : `line ${line}: ${message}`);
}
