import { membersOf } from '@pycell/api-client';
import type { InputEntry, RunSetup } from '../../script/run-setup';
import { fieldControl, JSON_CONTROL } from './controls';
import { jsonOfText, jsonProblem, textOfJson } from './field-json';
import { fieldsOfEntries, type InputField, MORE, type Signature } from './input-field';

/** Why a run cannot be sent as it is. */
export interface InputProblem {
  /** The control to mend it in. */
  readonly control: string;
  /** A sentence without its full stop. */
  readonly message: string;
}

export interface ComposedInputs {
  /** The text of one JSON object; null where there is nothing to send. */
  readonly json: string | null;
  readonly problems: readonly InputProblem[];
}

/** How the inputs are shown: a form, the JSON text, or nothing where `main` takes none. */
export type InputsView = 'form' | 'json' | 'none';

/** @param signature null while it is not known */
export function inputsView({ mode, inputs }: RunSetup, signature: Signature | null): InputsView {
  if (mode === 'script' || inputs.view === 'json') return 'json';
  if (signature?.fields.length === 0) return signature.takesMore ? 'json' : 'none';
  return signature || Object.keys(inputs.entries).length > 0 ? 'form' : 'json';
}

/** The fields of the form. */
export function fieldsShown({ inputs }: RunSetup, signature: Signature | null): readonly InputField[] {
  return signature?.fields ?? fieldsOfEntries(inputs.entries);
}

/** The inputs as they are sent: every value is the text that was typed, or that a CSV had. */
export function composeInputs(setup: RunSetup, signature: Signature | null): ComposedInputs {
  switch (inputsView(setup, signature)) {
    case 'form':
      return composeForm(fieldsShown(setup, signature), setup.inputs.entries);
    case 'json':
      return composeJson(setup.inputs.json);
    case 'none':
      return { json: null, problems: [] };
  }
}

/** The text of a field, as far as it says something. */
export function entryText(entries: Readonly<Record<string, InputEntry>>, name: string): string {
  return Object.hasOwn(entries, name) ? (entries[name]?.text ?? '') : '';
}

/** The form as JSON text, to go on with by hand; what cannot be sent is left out. */
export function jsonOfForm(fields: readonly InputField[], { inputs }: RunSetup): string {
  const { json } = composeForm(fields, inputs.entries);
  const members = membersOf(json ?? '{}') ?? [];
  if (members.length === 0) return '';
  const lines = members.map((member) => `  ${JSON.stringify(member.name)}: ${member.json}`);
  return `{\n${lines.join(',\n')}\n}`;
}

/**
 * The JSON text as entries of the form.
 * @returns null where it is no JSON object
 */
export function entriesOfJson(
  json: string,
  signature: Signature,
): Readonly<Record<string, InputEntry>> | null {
  if (json.trim() === '') return {};
  const members = jsonProblem(json) === null ? membersOf(json) : null;
  if (!members) return null;
  const kinds = new Map(signature.fields.map(({ name, kind }) => [name, kind]));
  const known = members.flatMap(({ name, json: value }) => {
    const kind = kinds.get(name);
    const text = kind ? textOfJson(kind, value) : '';
    return kind && text !== '' ? [[name, { kind, text }] as const] : [];
  });
  const others = members.filter(({ name }) => !kinds.has(name));
  const more = others.map((member) => `${JSON.stringify(member.name)}: ${member.json}`).join(', ');
  return Object.fromEntries<InputEntry>([
    ...known,
    ...(more === '' ? [] : [[MORE, { kind: 'object', text: `{${more}}` }] as const]),
  ]);
}

function composeForm(
  fields: readonly InputField[],
  entries: Readonly<Record<string, InputEntry>>,
): ComposedInputs {
  const problems: InputProblem[] = [];
  const members: string[] = [];
  for (const field of fields) {
    const value = valueOf(field, entryText(entries, field.name));
    if (value === null) continue;
    if ('json' in value) members.push(`${JSON.stringify(field.name)}:${value.json}`);
    else problems.push({ control: fieldControl(field.name), message: `${field.name} ${value.problem}` });
  }
  const more = moreMembers(fields, entryText(entries, MORE));
  if ('control' in more) problems.push(more);
  else members.push(...more);
  return { json: members.length === 0 ? null : `{${members.join(',')}}`, problems };
}

/** null: nothing is sent for it. */
function valueOf(field: InputField, text: string): ReturnType<typeof jsonOfText> | null {
  const isEmpty = field.kind === 'text' ? text === '' : text.trim() === '';
  if (!isEmpty) return jsonOfText(field.kind, text);
  if (!field.isRequired) return null;
  if (field.isNullable) return { json: 'null' };
  // A box that is not ticked says so.
  return field.kind === 'boolean' ? { json: 'false' } : { problem: 'is missing' };
}

function moreMembers(fields: readonly InputField[], text: string): readonly string[] | InputProblem {
  if (text.trim() === '') return [];
  const read = jsonOfText('object', text);
  if ('problem' in read)
    return { control: fieldControl(MORE), message: `What goes by other names ${read.problem}` };
  const members = membersOf(read.json) ?? [];
  const twice = members.find(({ name }) => fields.some((field) => field.name === name));
  if (twice) return { control: fieldControl(MORE), message: `${twice.name} has a field of its own` };
  return members.map(({ name, json }) => `${JSON.stringify(name)}:${json}`);
}

function composeJson(text: string): ComposedInputs {
  const json = text.trim();
  if (json === '') return { json: null, problems: [] };
  const problem = jsonProblem(json);
  if (problem !== null)
    return {
      json: null,
      problems: [{ control: JSON_CONTROL, message: `The inputs are not JSON. ${problem}` }],
    };
  if (!json.startsWith('{')) {
    const message = 'The inputs must be one JSON object, such as {"city": "Oslo"}';
    return { json: null, problems: [{ control: JSON_CONTROL, message }] };
  }
  return { json, problems: [] };
}
