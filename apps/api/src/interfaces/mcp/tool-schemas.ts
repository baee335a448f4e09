import { ERROR_CODES, EXECUTION_MODES, FIXED_LIMITS } from '@pycell/contracts';
import { DEFAULT_MODE } from './tool-arguments';

/** JSON Schema (2020-12) of an object, as MCP has it of what a tool takes and gives. */
export interface ObjectSchema {
  readonly type: 'object';
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly [key: string]: unknown;
}

const MODE = { type: 'string', enum: EXECUTION_MODES, default: DEFAULT_MODE };
const TEXT = { type: 'string' };
const WHOLE = { type: 'integer', minimum: 1 };

/** What `run_python` takes. `hasFiles`: whether runs can be sent files here. */
export function runPythonInput(hasFiles: boolean): ObjectSchema {
  return {
    type: 'object',
    properties: {
      script: { ...TEXT, description: 'Python source.' },
      mode: {
        ...MODE,
        description:
          'script: the text runs as a program, and the value of its last expression is the result, as in a notebook. function: its main() is called with the inputs, and what it returns is the result.',
      },
      inputs: {
        type: 'object',
        additionalProperties: true,
        description: 'Arguments of main() by name, or in mode script global names.',
      },
      stdin: { ...TEXT, description: 'What the script reads from standard input.' },
      ...(hasFiles && { files: FILES }),
      limits: {
        type: 'object',
        properties: { timeoutMs: WHOLE, memoryMb: WHOLE },
        additionalProperties: false,
        description: 'Less time (milliseconds) or memory (MiB) than the service gives.',
      },
    },
    required: ['script'],
    additionalProperties: false,
  };
}

const FILES = {
  type: 'array',
  description: 'Files in the working directory of the script.',
  items: {
    type: 'object',
    properties: {
      name: {
        ...TEXT,
        minLength: 1,
        maxLength: FIXED_LIMITS.fileNameBytes,
        description: 'Relative path, such as data/sales.csv.',
      },
      text: { ...TEXT, description: 'The content; or else base64.' },
      base64: { ...TEXT, description: 'The content of a binary file.' },
    },
    required: ['name'],
    additionalProperties: false,
  },
};

/** What `validate_python` takes. */
export const VALIDATE_PYTHON_INPUT: ObjectSchema = {
  type: 'object',
  properties: { script: { ...TEXT, description: 'Python source.' }, mode: MODE },
  required: ['script'],
  additionalProperties: false,
};

const ERROR = {
  type: 'object',
  description: 'Why there is no result.',
  properties: {
    code: { ...TEXT, enum: ERROR_CODES },
    message: TEXT,
    hint: { ...TEXT, description: 'What to do instead.' },
    line: { ...WHOLE, description: 'Line of the script.' },
    column: WHOLE,
    traceback: TEXT,
    exitCode: { type: 'integer' },
    signal: TEXT,
    retryAfterSeconds: { type: 'number', description: 'When to try again.' },
  },
  required: ['code', 'message'],
};

/** What every tool gives that executes something. Nothing in it may be left to chance: clients check it. */
export const OUTCOME_SCHEMA: ObjectSchema = {
  type: 'object',
  properties: {
    status: { ...TEXT, enum: ['completed', 'failed'] },
    result: {
      description:
        'The value of the script. Whole numbers may have more digits than a float: the text beside this has them all.',
    },
    error: ERROR,
    stdout: TEXT,
    stderr: TEXT,
    artifacts: {
      type: 'array',
      description: 'Files that the script left in output/, and its figures.',
      items: {
        type: 'object',
        properties: {
          name: TEXT,
          mediaType: TEXT,
          sizeBytes: { type: 'integer' },
          shown: { type: 'boolean', description: 'Whether it is among the images of this answer.' },
        },
        required: ['name', 'mediaType', 'sizeBytes', 'shown'],
      },
    },
    durationMs: { type: 'number' },
    peakMemoryBytes: { type: 'number' },
  },
  required: ['status', 'stdout', 'stderr', 'artifacts'],
};

/** Clients of some models know one type for each schema, and no list of them. */
const NULLABLE_OBJECT = { anyOf: [{ type: 'object' }, { type: 'null' }] };

/** What `validate_python` gives: the answer of `POST /validate`. */
export const VALIDATION_SCHEMA: ObjectSchema = {
  type: 'object',
  properties: {
    valid: { type: 'boolean' },
    violations: { type: 'array', items: { type: 'object' } },
    syntaxError: NULLABLE_OBJECT,
    imports: { type: 'object' },
    main: NULLABLE_OBJECT,
    error: ERROR,
  },
  required: ['valid'],
};
