import type { ParameterSchema } from '@pycell/contracts';
import { stringifyExactly } from '../door/exact-numbers';
import { shownName, withoutKeys } from '../door/shown-words';

/** Characters of a path, a number or a list of choices that a message shows. */
const MAX_SHOWN = 200;

/** What a value of JSON is. */
export type JsonKind = 'array' | 'object' | 'string' | 'number' | 'boolean' | 'null';

/** Keys and indices from the arguments to a value. */
export type Path = readonly (string | number)[];

/** What is wrong with one value. */
export interface ArgumentFault {
  readonly path: Path;
  readonly message: string;
  /** What to send instead. */
  readonly hint: string;
}

/** What was sent. */
export interface SentValue {
  readonly kind: JsonKind;
  /** Of a string what it says, its beginning where it is long; of another scalar its JSON. */
  readonly text: string;
}

const WORDS: Readonly<Record<string, string>> = {
  array: 'an array',
  object: 'an object',
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  null: 'null',
};

/** Returns the fault of a value that is none of what its schema has. */
export function unlike(schema: ParameterSchema, sent: SentValue, path: Path): ArgumentFault {
  const wanted = wantedWords(schema);
  const where = shownPath(path);
  return fault(
    path,
    `${where} must be ${wanted}, and is ${sentWords(sent)}`,
    hintFor(schema, sent, where, wanted),
  );
}

/** Returns the fault of an object that lacks a member. */
export function lacking(name: string, path: Path): ArgumentFault {
  const member = shownPath([...path, name]);
  return fault(path, `${member} is missing`, `Send ${member} as well.`);
}

/** Returns the fault of an array that has more or fewer items than there may be. */
export function ofLength(
  { minItems = 0, maxItems }: ParameterSchema,
  count: string,
  path: Path,
): ArgumentFault {
  const range = minItems === maxItems ? `${minItems}` : `${minItems} to ${maxItems ?? 'any number of'}`;
  const where = shownPath(path);
  return fault(
    path,
    `${where} must have ${range} items, and has ${count}`,
    `Send ${range} items in ${where}.`,
  );
}

/** Returns the fault of arguments that would take too much work to compare. */
export function tooMuch(): ArgumentFault {
  return fault(
    [],
    'what was sent takes too much work to compare with all that main() takes',
    'Send less at once.',
  );
}

function fault(path: Path, problem: string, hint: string): ArgumentFault {
  return { path, message: withoutKeys(`The arguments do not fit: ${problem}`), hint: withoutKeys(hint) };
}

function hintFor(schema: ParameterSchema, { kind, text }: SentValue, where: string, wanted: string): string {
  const structure = typesOf(schema).find((type) => type === 'array' || type === 'object');
  if (kind === 'string' && structure && /^\s*[[{]/.test(text)) {
    return `Send the ${structure} itself as ${where}, not its JSON in a string.`;
  }
  return kind === 'null'
    ? `Leave ${where} out where there is nothing to send, or send ${wanted}.`
    : `Send ${where} as ${wanted}${kind === 'string' && !typesOf(schema).includes('string') ? ', without quotes' : ''}.`;
}

/** Returns the types that a schema names, those of alternatives too. */
export function typesOf({ type, anyOf }: ParameterSchema): readonly string[] {
  const named = type === undefined ? [] : typeof type === 'string' ? [type] : type;
  return [...named, ...(anyOf ?? []).flatMap(typesOf)];
}

function wantedWords(schema: ParameterSchema): string {
  if (schema.enum) {
    const [only, ...others] = schema.enum.map((value) => stringifyExactly(value));
    return others.length === 0 ? String(only) : `one of ${cut([only, ...others].join(', '))}`;
  }
  if (schema.anyOf) {
    return cut([...new Set(schema.anyOf.map(wantedWords))].join(' or '));
  }
  const words = typesOf(schema).map((type) => WORDS[type] ?? type);
  return words.join(' or ') || 'any value';
}

function sentWords({ kind, text }: SentValue): string {
  switch (kind) {
    case 'array':
    case 'object':
      return WORDS[kind] ?? kind;
    case 'string':
      return `the string ${shownName(text)}`;
    default:
      return cut(text);
  }
}

/** Returns where a value lies, as Python and JavaScript write it: `rows[3].name`. */
function shownPath(path: Path): string {
  const steps = path.map((step, index) => {
    if (typeof step === 'number') {
      return `[${step}]`;
    }
    if (!/^\w{1,64}$/.test(step)) {
      return index === 0 ? shownName(step) : `[${shownName(step)}]`;
    }
    return index === 0 ? step : `.${step}`;
  });
  return cut(steps.join('')) || 'what was sent';
}

function cut(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
