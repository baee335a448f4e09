import type { ParameterSchema } from '@pycell/contracts';
import { itemsOf, memberOf, membersOf } from '@pycell/api-client';
import { lookUp } from '../../api/look-up';
import type { ValidateOutcome } from '../../api/validate-outcome';
import type { InputKind } from '../../script/run-setup';
import type { InputField, Signature } from '../values/input-field';

type Validated = Extract<ValidateOutcome, { kind: 'validated' }>;

/** Kinds by the format of a text, or of a list. */
const FORMATS: Readonly<Record<string, InputKind>> = {
  date: 'date',
  'date-time': 'date-time',
  time: 'time',
  dataframe: 'table',
};
const TYPES: Readonly<Record<string, InputKind>> = {
  integer: 'integer',
  number: 'number',
  string: 'text',
  boolean: 'boolean',
  array: 'list',
  object: 'object',
};

/** What `main` takes; null where the script has no `main`. */
export function readSignature({ answer, parametersJson }: Validated): Signature | null {
  const { main } = answer;
  if (!main) return null;
  const { required, additionalProperties } = main.parameters;
  const properties = membersOf(memberOf(parametersJson ?? '{}', 'properties') ?? '{}') ?? [];
  return {
    fields: properties.map(({ name, json }) => readField(name, json, required.includes(name))),
    takesMore: additionalProperties,
    doc: main.doc ?? '',
  };
}

/** @param json the schema's text: defaults and choices in it keep their digits */
function readField(name: string, json: string, isRequired: boolean): InputField {
  const schema = JSON.parse(json) as ParameterSchema;
  const choices = choicesOf(json);
  const options = choices.filter((option) => option !== 'null');
  return {
    name,
    kind: options.length > 0 ? 'choice' : kindOf(schema),
    isRequired,
    isNullable: choices.includes('null') || typesOf(schema).includes('null'),
    options,
    defaultJson: memberOf(json, 'default'),
    description: typeof schema.description === 'string' ? schema.description : '',
  };
}

/** Of the schema, or of its one alternative to `null`. */
function choicesOf(json: string): readonly string[] {
  const own = itemsOf(memberOf(json, 'enum') ?? '');
  if (own) return own;
  const alternatives = itemsOf(memberOf(json, 'anyOf') ?? '') ?? [];
  const [only, ...others] = alternatives.filter((one) => memberOf(one, 'type') !== '"null"');
  return only === undefined || others.length > 0 ? [] : (itemsOf(memberOf(only, 'enum') ?? '') ?? []);
}

function kindOf(schema: ParameterSchema): InputKind {
  const format = schema.format === undefined ? undefined : lookUp(FORMATS, schema.format);
  if (format) return format;
  if (schema.anyOf) {
    const kinds = new Set(schema.anyOf.filter((one) => one.type !== 'null').map(kindOf));
    if (kinds.size === 2 && kinds.has('integer') && kinds.has('number')) return 'number';
    const [only = 'any'] = kinds;
    return kinds.size === 1 ? only : 'any';
  }
  const types = typesOf(schema).filter((type) => type !== 'null');
  if (types.length === 2 && types.includes('integer') && types.includes('number')) return 'number';
  return types.length === 1 ? (lookUp(TYPES, types[0] ?? '') ?? 'any') : 'any';
}

/** All types that it can have, those of alternatives too. */
function typesOf({ type, anyOf }: ParameterSchema): readonly string[] {
  const named = type === undefined ? [] : typeof type === 'string' ? [type] : type;
  return [...named, ...(anyOf ?? []).flatMap(typesOf)];
}
