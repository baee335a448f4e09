import type { InputKind } from '../../script/run-setup';
import type { InputField } from '../values/input-field';

const TYPES: Readonly<Record<InputKind, string>> = {
  integer: 'whole number',
  number: 'number',
  text: 'text',
  boolean: 'yes or no',
  choice: 'choice',
  date: 'date',
  'date-time': 'date and time',
  time: 'time',
  list: 'JSON list',
  object: 'JSON object',
  table: 'table: CSV, or records as JSON',
  any: 'text or JSON',
};

/** Controls of browsers, and the texts that they can show. Years beyond 9999 and offsets are none of them. */
const DATE_CONTROLS: Readonly<Partial<Record<InputKind, { readonly type: string; readonly shows: RegExp }>>> =
  {
    date: { type: 'date', shows: /^\d{4}-\d\d-\d\d$/ },
    'date-time': { type: 'datetime-local', shows: /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/ },
    time: { type: 'time', shows: /^\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/ },
  };
const MAX_SHOWN = 60;

/** What a field takes, for people. */
export function typeText({ kind, isRequired, isNullable }: InputField): string {
  const isOptional = !isRequired || isNullable;
  return isOptional ? `${TYPES[kind]}, optional` : TYPES[kind];
}

/** What stands in an empty field: what holds then. */
export function placeholderOf({ defaultJson, isNullable, isRequired }: InputField): string {
  if (defaultJson !== null) return optionText(defaultJson);
  return isNullable && isRequired ? 'None' : '';
}

/** A JSON text for people: texts without their quotes, Python's name for nothing, long ones cut. */
export function optionText(json: string): string {
  const value: unknown = json.startsWith('"') ? JSON.parse(json) : json === 'null' ? 'None' : json;
  const text = String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN).toWellFormed()}…` : text;
}

/** The type of the `input`; a text that the browser's own control cannot show stays a text. */
export function inputTypeOf(kind: InputKind, text: string): string {
  const control = DATE_CONTROLS[kind];
  return control && (text === '' || control.shows.test(text)) ? control.type : 'text';
}
