import type { ParameterSchema, ParametersSchema } from '@pycell/contracts';

/** Keywords that say something of values of one type only. */
const KEYWORDS_OF: Readonly<Record<string, readonly (keyof ParameterSchema)[]>> = {
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  object: ['properties', 'required', 'additionalProperties'],
  string: ['format'],
};

/**
 * Returns the schema of a tool's arguments as it is listed. Clients of some models know one type for each schema, and no list of
 * them: what may be left out is listed without null, and other lists of types are alternatives. What main() takes beyond that, it
 * still takes.
 */
export function listedSchema(schema: ParametersSchema): ParametersSchema {
  const required = new Set(schema.required);
  const properties = Object.entries(schema.properties).map(([name, parameter]) => [
    name,
    withOneType(required.has(name) ? parameter : withoutNull(parameter)),
  ]);
  return { ...schema, properties: Object.fromEntries(properties) as ParametersSchema['properties'] };
}

function withoutNull(schema: ParameterSchema): ParameterSchema {
  const { type, enum: choices, anyOf, default: byDefault, ...rest } = schema;
  const types = typeof type === 'string' ? [type] : (type ?? []);
  const others = types.filter((one) => one !== 'null');
  const alternatives = (anyOf ?? []).filter((one) => one.type !== 'null');
  if ((types.length > 0 && others.length === 0) || (anyOf && alternatives.length === 0)) {
    return schema;
  }
  const [only] = alternatives;
  return {
    ...(only && (alternatives.length === 1 ? only : { anyOf: alternatives })),
    ...(others.length > 0 && { type: others }),
    ...rest,
    ...(choices && { enum: choices.filter((value) => value !== null) }),
    ...(byDefault !== undefined && byDefault !== null && { default: byDefault }),
  };
}

function withOneType(schema: ParameterSchema): ParameterSchema {
  const { type, ...rest } = withinOneType(schema);
  if (type === undefined || typeof type === 'string') {
    return { ...(type !== undefined && { type }), ...rest };
  }
  const [only, ...others] = type;
  if (others.length === 0) {
    return { ...(only !== undefined && { type: only }), ...rest };
  }
  const { title, description, default: byDefault, ...said } = rest;
  return {
    anyOf: type.map((one) => alternative(one, said)).filter((one) => one.enum?.length !== 0),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(byDefault !== undefined && { default: byDefault }),
  };
}

/** What a schema says of the values of one of its types. */
function alternative(type: string, said: ParameterSchema): ParameterSchema {
  const keywords = (KEYWORDS_OF[type] ?? []).filter((keyword) => said[keyword] !== undefined);
  return {
    type,
    ...(Object.fromEntries(keywords.map((keyword) => [keyword, said[keyword]])) as ParameterSchema),
    ...(said.enum && { enum: said.enum.filter((value) => isOfType(value, type)) }),
  };
}

function isOfType(value: unknown, type: string): boolean {
  // Numbers whose digits count are objects here.
  const isNumber = typeof value === 'number' || (typeof value === 'object' && value !== null);
  const isNumeric = type === 'integer' || type === 'number';
  return value === null ? type === 'null' : isNumber ? isNumeric : typeof value === type;
}

/** The same for all schemas within. */
function withinOneType(schema: ParameterSchema): ParameterSchema {
  const { items, prefixItems, properties, additionalProperties, anyOf } = schema;
  return {
    ...schema,
    ...(items && { items: withOneType(items) }),
    ...(prefixItems && { prefixItems: prefixItems.map(withOneType) }),
    ...(properties && { properties: mapped(properties) }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: withOneType(additionalProperties),
    }),
    ...(anyOf && { anyOf: anyOf.map(withOneType) }),
  };
}

function mapped(
  schemas: Readonly<Record<string, ParameterSchema>>,
): Readonly<Record<string, ParameterSchema>> {
  // By entries: a name may be that of a member of all objects.
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withOneType(schema)]));
}
