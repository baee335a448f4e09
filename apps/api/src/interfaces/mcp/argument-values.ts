import type { ParameterSchema } from '@pycell/contracts';
import { stringifyExactly } from '../door/exact-numbers';
import { type JsonKind, typesOf } from './argument-words';

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;
/** Longer strings are none of a choice: literals have 2,000 characters. */
const MAX_CHOICE_BYTES = 16 * 1024;

/** Returns what a value of JSON is, by its first byte. */
export function kindOf(byte: number | undefined): JsonKind {
  switch (byte) {
    case OPEN_BRACKET:
      return 'array';
    case OPEN_BRACE:
      return 'object';
    case QUOTE:
      return 'string';
    case LOWER_T:
    case LOWER_F:
      return 'boolean';
    case LOWER_N:
      return 'null';
    default:
      return 'number';
  }
}

/** Whether a schema says nothing, as far as values are concerned that lie within. */
export function isAny(schema: ParameterSchema | boolean | undefined): boolean {
  return typeof schema !== 'object' || Object.keys(schema).length === 0;
}

/** Whether a value may be of this kind. */
export function isOfType({ type, format }: ParameterSchema, kind: JsonKind): boolean {
  if (type === undefined || type === kind) {
    return true;
  }
  const has = (wanted: string): boolean =>
    typeof type === 'string' ? type === wanted : type.includes(wanted);
  // Columns are taken as well as rows.
  const isColumns = format === 'dataframe' && kind === 'object';
  return has(kind) || (kind === 'number' && has('integer')) || isColumns;
}

/**
 * Whether a value is a whole number, and one of the choices, where it has to be.
 * @param json of a scalar; of others any part of them does
 */
export function fitsScalar({ type, enum: choices }: ParameterSchema, kind: JsonKind, json: Buffer): boolean {
  const mustBeWhole = kind === 'number' && type !== undefined && !typesOf({ type }).includes('number');
  if (mustBeWhole && !isWhole(json.toString())) {
    return false;
  }
  if (!choices) {
    return true;
  }
  if (kind === 'array' || kind === 'object' || json.length > MAX_CHOICE_BYTES) {
    return false;
  }
  return isChoice(json.toString(), kind, choices);
}

/** 1.0 is one: so JSON Schema has it. */
function isWhole(number: string): boolean {
  return /^-?\d+$/.test(number) || Number.isInteger(Number(number));
}

/** The choices of a schema, so that a value is looked up instead of compared with each: there may be a hundred, and many values. */
interface Choices {
  readonly strings: ReadonlySet<string>;
  /** JSON of all others. */
  readonly others: ReadonlySet<string>;
  /** Of numbers, their values. */
  readonly numbers: ReadonlySet<number>;
}

const choicesOf = new WeakMap<readonly unknown[], Choices>();

/** @param json of a scalar, as it was sent */
function isChoice(json: string, kind: JsonKind, choices: readonly unknown[]): boolean {
  let known = choicesOf.get(choices);
  if (!known) {
    known = sorted(choices);
    choicesOf.set(choices, known);
  }
  if (kind === 'string') {
    return known.strings.has(json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1));
  }
  if (known.others.has(json)) {
    return true;
  }
  const value = kind === 'number' ? Number(json) : NaN;
  // Beyond, many whole numbers are one to JavaScript.
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && known.numbers.has(value);
}

function sorted(choices: readonly unknown[]): Choices {
  const others = choices
    .filter((choice) => typeof choice !== 'string')
    .map((choice) => stringifyExactly(choice));
  return {
    strings: new Set(choices.filter((choice) => typeof choice === 'string')),
    others: new Set(others),
    numbers: new Set(others.filter((json) => kindOf(json.charCodeAt(0)) === 'number').map(Number)),
  };
}
