import type { ErrorCode, MissingModule, ParametersSchema, ValidateResponse } from '@pycell/contracts';
import { stringifyExactly } from '../door/exact-numbers';
import type { ForeignClient } from '../door/foreign-client';
import type { ForeignFailure, ForeignOutcome } from '../door/foreign-outcome';
import type { InterfaceExecutions } from '../door/interface-executions';
import { listedSchema } from './listed-schema';
import { ToolFault } from './tool-folder';

/** Of a description: a model reads all of them with every question. */
const MAX_DESCRIPTION_CHARACTERS = 8_000;
/** JSON of an input schema, characters. */
const MAX_SCHEMA_CHARACTERS = 64 * 1024;
/** What APIs of models take as the name of an argument: a request with another one fails, whatever it is for. */
const PARAMETER_NAME = /^\w{1,64}$/;
/** Executed with the text of a tool as its input: nothing of the tool is. */
const READ_DOCSTRING = 'import ast\ndef main(source):\n    return ast.get_docstring(ast.parse(source))\n';

/** A script of the operator's as a tool. */
export interface ScriptTool {
  readonly name: string;
  readonly description: string;
  /** What its arguments are held to. */
  readonly inputSchema: ParametersSchema;
  /** The same, as clients are told it. */
  readonly listedSchema: ParametersSchema;
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
 * @param note told what does not keep it from being a tool, and may make calls fail
 * @throws ToolFault, whose message has the line where there is one; NotNow; LookFailed
 */
export async function toolOf(
  name: string,
  script: string,
  executions: Pick<InterfaceExecutions, 'execute' | 'validate'>,
  client: ForeignClient,
  note: (message: string) => void,
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
  for (const missing of validated.description.imports.missing) {
    note(missingWords(missing));
  }
  return { name, description, inputSchema, listedSchema: listedSchema(inputSchema), script };
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
  const name = Object.keys(main.parameters.properties).find((key) => !PARAMETER_NAME.test(key));
  if (name !== undefined) {
    throw new ToolFault(
      `its parameter ${JSON.stringify(name.slice(0, 100))} has a name for which APIs of models refuse all tools: letters A to Z, digits and _, 64 together at most, are taken`,
    );
  }
  const { length } = stringifyExactly(main.parameters);
  if (length > MAX_SCHEMA_CHARACTERS) {
    throw new ToolFault(
      `the schema of its parameters has ${length} characters, the limit is ${MAX_SCHEMA_CHARACTERS}: let main() take less`,
    );
  }
  return main.parameters;
}

/** Within a `try` it may be meant so: the script is a tool all the same. */
function missingWords({ name, nearest }: MissingModule): string {
  const meant = nearest === null ? '' : ` (is ${nearest} meant?)`;
  return `it imports ${name}, which scripts do not have${meant}: a call that comes to it fails, unless the script catches that`;
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
