import type { ParameterSchema } from '@pycell/contracts';
import { parseExactly, stringifyExactly } from '../door/exact-numbers';
import { listedSchema } from './listed-schema';

/** What is listed of one parameter. */
const listed = (parameter: ParameterSchema, required: readonly string[] = []): unknown =>
  listedSchema({ type: 'object', properties: { x: parameter }, required, additionalProperties: false })
    .properties['x'];
const NULL = { type: 'null' };

describe('listedSchema', () => {
  it.each<[ParameterSchema, ParameterSchema]>([
    [
      { type: 'integer', default: 5, description: 'A.' },
      { type: 'integer', default: 5, description: 'A.' },
    ],
    [{ type: ['integer', 'null'], default: null }, { type: 'integer' }],
    [
      { type: ['array', 'null'], items: {}, default: null, description: 'A.' },
      { type: 'array', items: {}, description: 'A.' },
    ],
    [
      { type: ['string', 'null'], enum: ['a', null], default: 'a' },
      { type: 'string', enum: ['a'], default: 'a' },
    ],
    [{ enum: ['a', 1, null], default: null }, { enum: ['a', 1] }],
    [{ anyOf: [{ enum: ['a', 1] }, NULL], default: null }, { enum: ['a', 1] }],
    [
      { anyOf: [{ type: 'integer' }, { type: 'array', items: {} }, NULL], default: null, description: 'A.' },
      { anyOf: [{ type: 'integer' }, { type: 'array', items: {} }], description: 'A.' },
    ],
    [NULL, NULL],
    [{ default: null }, {}],
    [{}, {}],
  ])('has no null where a parameter may be left out: %j', (given, expected) => {
    expect(listed(given)).toEqual(expected);
  });

  it.each<[ParameterSchema, ParameterSchema]>([
    [{ type: ['integer', 'null'] }, { anyOf: [{ type: 'integer' }, NULL] }],
    [
      { type: ['number', 'string'], format: 'decimal', description: 'A.' },
      { anyOf: [{ type: 'number' }, { type: 'string', format: 'decimal' }], description: 'A.' },
    ],
    [
      { type: ['array', 'null'], items: { type: ['string', 'null'] } },
      { anyOf: [{ type: 'array', items: { anyOf: [{ type: 'string' }, NULL] } }, NULL] },
    ],
    [
      { type: ['string', 'null'], enum: ['a', null] },
      {
        anyOf: [
          { type: 'string', enum: ['a'] },
          { type: 'null', enum: [null] },
        ],
      },
    ],
    [
      { type: 'object', properties: { __proto__x: {}, a: { type: ['integer', 'null'] } }, required: ['a'] },
      {
        type: 'object',
        properties: { __proto__x: {}, a: { anyOf: [{ type: 'integer' }, NULL] } },
        required: ['a'],
      },
    ],
    [
      { type: 'object', additionalProperties: { type: ['integer', 'string'] } },
      { type: 'object', additionalProperties: { anyOf: [{ type: 'integer' }, { type: 'string' }] } },
    ],
    [
      { type: 'array', items: {}, prefixItems: [{ type: ['integer', 'null'] }], minItems: 1, maxItems: 1 },
      {
        type: 'array',
        items: {},
        prefixItems: [{ anyOf: [{ type: 'integer' }, NULL] }],
        minItems: 1,
        maxItems: 1,
      },
    ],
  ])('has one type for each schema: %j', (given, expected) => {
    expect(listed(given, ['x'])).toEqual(expected);
  });

  it('keeps names and digits of any kind, and changes nothing of what it is given', () => {
    const json =
      '{"type":"object","properties":{"__proto__":{"type":["integer","null"],"enum":[123456789012345678901234567890,null],"default":1.0}},"required":[],"additionalProperties":false}';
    const given = parseExactly(json) as Parameters<typeof listedSchema>[0];
    expect(stringifyExactly(listedSchema(given))).toBe(
      '{"type":"object","properties":{"__proto__":{"type":"integer","enum":[123456789012345678901234567890],"default":1.0}},"required":[],"additionalProperties":false}',
    );
    expect(stringifyExactly(given)).toBe(json);
  });
});
