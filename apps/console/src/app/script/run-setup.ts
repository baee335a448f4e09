import type { ExecutionMode, RequestedLimits } from '@pycell/contracts';

/** How the text of a field becomes JSON. */
export const INPUT_KINDS = [
  'integer',
  'number',
  'text',
  'boolean',
  'choice',
  'date',
  'date-time',
  'time',
  'list',
  'object',
  'table',
  'any',
] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

/** What was typed for one input. The text stays as it was typed: digits of big integers and `1.0` survive. */
export interface InputEntry {
  readonly kind: InputKind;
  readonly text: string;
}

/** What was typed for the inputs, in the form and as JSON. */
export interface InputsDraft {
  /** What counts: the form, or the JSON text. */
  readonly view: 'form' | 'json';
  /** Of the form, by name; what is empty is not there. */
  readonly entries: Readonly<Record<string, InputEntry>>;
  /** The text of one JSON object; perhaps empty, or not finished. */
  readonly json: string;
}

/** The content of a file: text where it is UTF-8, else base64. */
export type FileContent = { readonly text: string } | { readonly base64: string };

/** A file that goes along with the script. */
export interface AttachedFile {
  /** Names this content, which never changes. */
  readonly id: string;
  /** Relative path. */
  readonly name: string;
  readonly sizeBytes: number;
  /** null where it was too large to be kept, or is not read yet. */
  readonly content: FileContent | null;
}

/** What a run is given besides its script. */
export interface RunSetup {
  readonly mode: ExecutionMode;
  readonly inputs: InputsDraft;
  readonly stdin: string;
  readonly files: readonly AttachedFile[];
  readonly limits: RequestedLimits;
}

export const NO_INPUTS: InputsDraft = { view: 'form', entries: {}, json: '' };

/** A function without inputs. */
export const PLAIN_SETUP: RunSetup = {
  mode: 'function',
  inputs: NO_INPUTS,
  stdin: '',
  files: [],
  limits: {},
};

/** Whether it says nothing that a script alone does not. */
export function isPlain({ mode, inputs, stdin, files, limits }: RunSetup): boolean {
  return (
    mode === 'function' &&
    inputs.json.trim() === '' &&
    Object.keys(inputs.entries).length === 0 &&
    stdin === '' &&
    files.length === 0 &&
    Object.keys(limits).length === 0
  );
}

/** The same, with the names of its files and without what is in them. */
export function withoutContents(setup: RunSetup): RunSetup {
  if (setup.files.length === 0) return setup;
  return { ...setup, files: setup.files.map((file) => ({ ...file, content: null })) };
}

/** Whether both give a run the same; files are told by their ids. */
export function isSameSetup(one: RunSetup, other: RunSetup): boolean {
  return (
    one === other ||
    (one.mode === other.mode &&
      one.stdin === other.stdin &&
      isSame(one.limits, other.limits) &&
      isSame(one.inputs, other.inputs) &&
      isSame(one.files.map(referenceOf), other.files.map(referenceOf)))
  );
}

function referenceOf({ id, name }: AttachedFile): readonly string[] {
  return [id, name];
}

function isSame(one: object, other: object): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
