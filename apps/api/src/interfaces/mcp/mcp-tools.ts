import { Injectable } from '@nestjs/common';
import { CheckedFields } from '../door/checked-fields';
import { withoutExactNumbers } from '../door/exact-numbers';
import type { ForeignClient } from '../door/foreign-client';
import type { ForeignFailure, ForeignOutcome } from '../door/foreign-outcome';
import { InterfaceExecutions } from '../door/interface-executions';
import { findArgumentFault } from './argument-check';
import type { ScriptTool } from './script-tool';
import { ScriptTools } from './script-tools';
import type { Splices } from './spliced-text';
import {
  DEFAULT_MODE,
  failedCall,
  requestOf,
  RunPythonArguments,
  ScriptArguments,
  ValidatePythonArguments,
} from './tool-arguments';
import { runPythonDescription, validatePythonDescription } from './tool-descriptions';
import { toolResultOf, type ToolResult } from './tool-outcome';
import {
  type ObjectSchema,
  OUTCOME_SCHEMA,
  runPythonInput,
  VALIDATE_PYTHON_INPUT,
  VALIDATION_SCHEMA,
} from './tool-schemas';
import { validationResult } from './validation-result';

/** Nothing outlives a run, and nothing outside of it is reached: clients may ask less before they call. */
const ANNOTATIONS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
};
/** Until the tools may have been read that were not yet. */
const RETRY_SECONDS = 5;
const NO_ARGUMENTS = Buffer.from('{}');

/** What tools/list says of a tool. */
export interface DescribedTool {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema: ObjectSchema;
  readonly annotations: typeof ANNOTATIONS;
}

/** The tools that a client has, and their calls. */
@Injectable()
export class McpTools {
  constructor(
    private readonly executions: InterfaceExecutions,
    private readonly fields: CheckedFields,
    private readonly scripts: ScriptTools,
  ) {}

  /** Describes the tools, on the terms of who asks. */
  async list(client: ForeignClient, splices: Splices): Promise<readonly DescribedTool[]> {
    const [{ version, packages }] = await Promise.all([this.executions.python(), this.scripts.untilRead()]);
    const limits = this.executions.limitsOf(client);
    return [
      {
        name: 'run_python',
        title: 'Run Python',
        description: runPythonDescription({ pythonVersion: version, packages, limits }),
        inputSchema: runPythonInput(this.executions.takesFiles),
        outputSchema: OUTCOME_SCHEMA,
        annotations: ANNOTATIONS,
      },
      {
        name: 'validate_python',
        title: 'Check Python',
        description: validatePythonDescription(),
        inputSchema: VALIDATE_PYTHON_INPUT,
        outputSchema: VALIDATION_SCHEMA,
        annotations: { ...ANNOTATIONS, idempotentHint: true },
      },
      ...[...this.scripts.all.values()].map((tool) => describedScript(tool, splices)),
    ];
  }

  /**
   * Calls a tool. What is wrong with the arguments, too, is a result that says so: the model can mend it.
   * @param bytes the arguments, one JSON object; they are changed
   * @returns null where there is no such tool
   * @throws the reason of the client's signal, once the client has gone
   */
  async call(
    name: string,
    bytes: Buffer | null,
    client: ForeignClient,
    splices: Splices,
  ): Promise<ToolResult | null> {
    const given = bytes ?? Buffer.from(NO_ARGUMENTS);
    if (name === 'validate_python') {
      return this.validate(given, client, splices);
    }
    if (name === 'run_python') {
      return toolResultOf(await this.runPython(given, client), splices);
    }
    const isAll = this.scripts.all.has(name) || (await this.scripts.untilRead());
    const tool = this.scripts.all.get(name);
    if (tool) {
      return toolResultOf(await this.runScript(tool, given, client), splices);
    }
    return isAll ? null : toolResultOf(notReadYet(client), splices);
  }

  private async runPython(given: Buffer, client: ForeignClient): Promise<ForeignOutcome> {
    const read = await this.fields.read(given, RunPythonArguments, client);
    const request = isFailure(read) ? read : requestOf(read);
    if (isFailure(request)) {
      client.refused?.(request.code);
      return request;
    }
    return this.executions.execute(request, client, 'mcp');
  }

  private async runScript(tool: ScriptTool, given: Buffer, client: ForeignClient): Promise<ForeignOutcome> {
    // As one field, they are read as `inputs` of POST /execute are: how deep they nest, and that no key comes twice.
    const wrapped = Buffer.concat([Buffer.from('{"inputs":'), given, Buffer.from('}')]);
    const read = await this.fields.read(wrapped, ScriptArguments, client);
    if (isFailure(read)) {
      return read;
    }
    const inputs = read.inputs.bytes;
    // A model keeps to a schema mostly, and annotations alone make main() refuse little of what does not.
    const fault = await findArgumentFault(inputs, tool.inputSchema, () => client.signal.throwIfAborted());
    if (fault) {
      client.refused?.('INVALID_INPUTS');
      return failedCall(fault.message, 'INVALID_INPUTS', fault.hint);
    }
    return this.executions.execute({ script: tool.script, mode: 'function', inputs }, client, 'mcp');
  }

  private async validate(given: Buffer, client: ForeignClient, splices: Splices): Promise<ToolResult> {
    const read = await this.fields.read(given, ValidatePythonArguments, client);
    if (isFailure(read)) {
      return validationResult(read, splices);
    }
    const { script, mode = DEFAULT_MODE } = read;
    return validationResult(await this.executions.validate(script, mode, client, 'mcp'), splices);
  }
}

/** What came of a call of a tool that may be among those of which nothing is known yet. */
function notReadYet(client: ForeignClient): ForeignFailure {
  client.refused?.('SANDBOX_BUSY');
  return {
    ...failedCall('The service has just started, and is still reading its tools', 'SANDBOX_BUSY'),
    retryAfterSeconds: RETRY_SECONDS,
  };
}

function describedScript({ name, description, listedSchema }: ScriptTool, splices: Splices): DescribedTool {
  return {
    name,
    description,
    // Defaults keep their digits.
    inputSchema: withoutExactNumbers(listedSchema, (digits) => splices.add(digits)) as ObjectSchema,
    outputSchema: OUTCOME_SCHEMA,
    annotations: ANNOTATIONS,
  };
}

function isFailure(value: object): value is ForeignFailure {
  return 'kind' in value && value.kind === 'failed';
}
