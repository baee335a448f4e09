import type { ExecutionMode, ScriptViolation } from './execution';

/** The body of `POST /validate`. */
export interface ValidateRequest {
  readonly script: string;
  /** `function` where it is missing. */
  readonly mode?: ExecutionMode;
}

/** CPython's own error. */
export interface ScriptSyntaxError {
  /** Type and message, such as `SyntaxError: '(' was never closed (line 2, column 12)`. */
  readonly error: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in code points. */
  readonly column?: number;
  readonly hint?: string;
}

/** A module that a script imports and that is not there. */
export interface MissingModule {
  readonly name: string;
  /** One that is there and has almost the same name, or is what people mean by it; null where there is none. */
  readonly nearest: string | null;
}

/** The schema of a value, in the part of JSON Schema 2020-12 that annotations can say. Empty: any value. */
export interface ParameterSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  /** Of every array; of one that has `prefixItems`, what would follow them. */
  readonly items?: ParameterSchema;
  readonly prefixItems?: readonly ParameterSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, ParameterSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: ParameterSchema | boolean;
  readonly anyOf?: readonly ParameterSchema[];
}

/** The parameters of `main` as JSON Schema of the `inputs` of `POST /execute`. */
export interface ParametersSchema {
  readonly type: 'object';
  /** In the order of the signature. */
  readonly properties: Readonly<Record<string, ParameterSchema>>;
  readonly required: readonly string[];
  /** True where `main` takes any other name, by `**`, or is not known: a name that was imported, or made by a call. */
  readonly additionalProperties: boolean;
}

/** What is known of a script's `main` without executing anything. */
export interface MainDescription {
  readonly async: boolean;
  /** Its docstring, without indentation. */
  readonly doc: string | null;
  readonly parameters: ParametersSchema;
}

/** 200 of `POST /validate`. */
export interface ValidateResponse {
  /** No violation and no syntax error and, in mode `function`, a `main`. Names that are missing show when a script runs. */
  readonly valid: boolean;
  /** What the script policy refuses, in source order, the first hundred. */
  readonly violations: readonly ScriptViolation[];
  readonly syntaxError: ScriptSyntaxError | null;
  /** Top-level names of the modules that are imported, each once. */
  readonly imports: { readonly known: readonly string[]; readonly missing: readonly MissingModule[] };
  /** Null where no top-level statement defines it. */
  readonly main: MainDescription | null;
}
