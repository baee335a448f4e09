import type { ParameterSchema, ParametersSchema } from '@pycell/contracts';
import { parseExactly } from '../door/exact-numbers';
import { findArgumentFault } from './argument-check';

const ANY_ITEMS: ParameterSchema = { type: 'array', items: {} };
const INTEGER: ParameterSchema = { type: 'integer' };
const STRINGS: ParameterSchema = { type: 'array', items: { type: 'string' } };
const POINT: ParameterSchema = {
  type: 'object',
  properties: { x: INTEGER, 'odd key': { type: 'string' } },
  required: ['x'],
};
const PAIR: ParameterSchema = {
  ...ANY_ITEMS,
  prefixItems: [INTEGER, { type: 'string' }],
  minItems: 2,
  maxItems: 2,
};
const FRAME: ParameterSchema = { type: 'array', items: { type: 'object' }, format: 'dataframe' };
const DECIMAL: ParameterSchema = { type: ['number', 'string'], format: 'decimal' };
const BIG = '123456789012345678901234567890';

const schemaOf = (properties: Readonly<Record<string, ParameterSchema>>): ParametersSchema => ({
  type: 'object',
  properties,
  required: [],
  additionalProperties: false,
});
const find = (json: string, properties: Readonly<Record<string, ParameterSchema>>, goOn = () => undefined) =>
  findArgumentFault(Buffer.from(json), schemaOf(properties), goOn);
/** What is wrong with one argument, called x. */
const faultOf = async (schema: ParameterSchema, value: string): Promise<string | null> => {
  const fault = await find(`{ "x" : ${value} }`, { x: schema });
  return fault?.message.replace(/^The arguments do not fit: /, '') ?? null;
};

describe('findArgumentFault', () => {
  it.each<[ParameterSchema, readonly string[]]>([
    [INTEGER, ['5', '-5', '1.0', '1e3', BIG, '9'.repeat(400)]],
    [{ type: 'number' }, ['5', '1.5', '-0.0', '1e400']],
    [{ type: 'string' }, ['""', '"\\ud83d\\n"', '"[1]"']],
    [{ type: 'string', format: 'date' }, ['"2024-02-29"', '"soon"']],
    [{ type: 'boolean' }, ['true', 'false']],
    [{ type: ['integer', 'null'], default: null }, ['null', '3']],
    [{}, ['1', '"x"', '[[], {}]', '{"a": [{}]}', 'null']],
    [{ description: 'Anything.' }, ['{"a": [1, "]"]}']],
    [ANY_ITEMS, ['[]', '[1, "a", [null], {"b": "]"}]']],
    [STRINGS, ['[]', '[ "a" , "b" ]']],
    [PAIR, ['[1, "a"]', '[1.0,""]']],
    [{ type: 'object' }, ['{}', '{"a": {"b": 1}}']],
    [{ type: 'object', additionalProperties: INTEGER }, ['{}', '{"a": 1, "b\\n": 2}']],
    [POINT, ['{"x": 1}', '{"y": "more", "x": 1, "odd key": "a"}', '{"\\u0078": 1}']],
    [DECIMAL, ['1.10', '"12.50"', BIG]],
    [FRAME, ['[{"a": 1}]', '[]', '{"a": [1], "b": [2]}']],
    [{ type: ['array', 'null'], items: STRINGS }, ['null', '[["a"], []]']],
    [{ type: 'string', enum: ['a', 'é"'] }, ['"a"', '"\\u0061"', '"é\\""']],
    [{ enum: ['a', 1, true, null] }, ['"a"', '1', '1.0', 'true', 'null']],
    [{ enum: [parseExactly(BIG), 2.5] }, [BIG, '2.50', '25e-1']],
    [{ anyOf: [INTEGER, STRINGS, POINT] }, ['1', '["a"]', '{"x": 1}']],
    [{ anyOf: [{ type: 'array', items: INTEGER }, STRINGS], default: [] }, ['[1]', '["a"]', '[]']],
    [{ type: 'array', items: { anyOf: [POINT, { type: 'null' }] } }, ['[null, {"x": 1}, null]']],
  ])('takes what %j has', async (schema, values) => {
    for (const value of values) {
      expect([value, await faultOf(schema, value)]).toEqual([value, null]);
    }
  });

  it.each<[ParameterSchema, string, string]>([
    [INTEGER, '"5"', 'x must be an integer, and is the string "5"'],
    [INTEGER, '5.5', 'x must be an integer, and is 5.5'],
    [INTEGER, 'true', 'x must be an integer, and is true'],
    [INTEGER, 'null', 'x must be an integer, and is null'],
    [{ type: 'boolean' }, '"false"', 'x must be true or false, and is the string "false"'],
    [{ type: 'string' }, '{"a": 1}', 'x must be a string, and is an object'],
    [{ type: ['integer', 'null'] }, '1.5', 'x must be an integer or null, and is 1.5'],
    [STRINGS, '"[\\"a\\"]"', 'x must be an array, and is the string "[\\"a\\"]"'],
    [STRINGS, '["a", [], "b"]', 'x[1] must be a string, and is an array'],
    [ANY_ITEMS, '{}', 'x must be an array, and is an object'],
    [PAIR, '[1]', 'x must have 2 items, and has 1'],
    [PAIR, '[1, "a", 2]', 'x must have 2 items, and has more'],
    [PAIR, '[1, 2]', 'x[1] must be a string, and is 2'],
    [{ type: 'array', items: POINT }, '[{"x": 1}, {"y": 2}]', 'x[1].x is missing'],
    [POINT, '{"x": 1, "odd key": 7}', 'x["odd key"] must be a string, and is 7'],
    [
      { type: 'object', additionalProperties: INTEGER },
      '{"a": "b"}',
      'x.a must be an integer, and is the string "b"',
    ],
    [FRAME, '[1]', 'x[0] must be an object, and is 1'],
    [FRAME, '"a,b"', 'x must be an array, and is the string "a,b"'],
    [DECIMAL, '[]', 'x must be a number or a string, and is an array'],
    [{ type: 'string', enum: ['a', 'b'] }, '"zz"', 'x must be one of "a", "b", and is the string "zz"'],
    [{ enum: ['a', 1, null] }, 'true', 'x must be one of "a", 1, null, and is true'],
    [{ enum: [1] }, 'true', 'x must be 1, and is true'],
    [
      { enum: [parseExactly(BIG)] },
      BIG.replace(/0$/, '1'),
      `x must be ${BIG}, and is ${BIG.replace(/0$/, '1')}`,
    ],
    [{ anyOf: [INTEGER, STRINGS] }, '"a"', 'x must be an integer or an array, and is the string "a"'],
    [{ anyOf: [INTEGER, STRINGS] }, '["a", 1]', 'x[1] must be a string, and is 1'],
  ])('does not take what %j lacks: %s', async (schema, value, message) => {
    expect(await faultOf(schema, value)).toBe(message);
  });

  it.each<[ParameterSchema, string, string]>([
    [STRINGS, '" [\\"a\\"]"', 'Send the array itself as x, not its JSON in a string.'],
    [POINT, '"{\\"x\\": 1}"', 'Send the object itself as x, not its JSON in a string.'],
    [STRINGS, '"a,b"', 'Send x as an array, without quotes.'],
    [{ type: 'boolean' }, '"false"', 'Send x as true or false, without quotes.'],
    [INTEGER, 'null', 'Leave x out where there is nothing to send, or send an integer.'],
    [{ type: 'string', enum: ['a'] }, '"b"', 'Send x as "a".'],
  ])('says what to do for %j and %s', async (schema, value, hint) => {
    expect((await find(`{"x":${value}}`, { x: schema }))?.hint).toBe(hint);
  });

  it('leaves it to the call what is missing or unknown, and looks at the rest', async () => {
    expect(await find('{"y": 1}', { x: INTEGER })).toBeNull();
    expect((await find('{"y": 1, "x": "a"}', { x: INTEGER }))?.path).toEqual(['x']);
    expect(await find('{"toString": 1, "__proto__": 2}', { x: INTEGER })).toBeNull();
  });

  it('checks what Python takes for the name of a parameter', async () => {
    expect((await find('{"ｘ": "a"}', { x: INTEGER }))?.message).toContain('must be an integer');
  });

  it('shows little of what is large, and no key', async () => {
    const long = await find(`{"x": "${'y'.repeat(500_000)}"}`, { x: INTEGER });
    expect(long?.message.length).toBeLessThan(200);
    const digits = await find(`{"x": ${'1'.repeat(500_000)}}`, { x: { type: 'string' } });
    expect(digits?.message.length).toBeLessThan(300);
    const key = `pycell_${'k'.repeat(43)}`;
    expect((await find(`{"x": "${key}"}`, { x: INTEGER }))?.message).not.toContain(key);
  });

  it('serves others between its slices, and ends where it may not go on', async () => {
    const json = `{"x": [${'"a",'.repeat(200_000)}"a"]}`;
    const goOn = jest.fn();
    expect(await find(json, { x: STRINGS }, goOn)).toBeNull();
    expect(goOn.mock.calls.length).toBeGreaterThan(3);
    const gone = new Error('gone');
    await expect(
      find(json, { x: STRINGS }, () => {
        throw gone;
      }),
    ).rejects.toBe(gone);
  });

  it('takes deep values', async () => {
    let schema: ParameterSchema = INTEGER;
    for (let level = 0; level < 16; level++) {
      schema = { type: 'array', items: schema };
    }
    const nested = (value: string): string => '['.repeat(16) + value + ']'.repeat(16);
    expect(await faultOf(schema, nested('1'))).toBeNull();
    expect(await faultOf(schema, nested('"a"'))).toBe(
      `x${'[0]'.repeat(16)} must be an integer, and is the string "a"`,
    );
    expect(await faultOf({}, '['.repeat(198) + ']'.repeat(198))).toBeNull();
  });

  it('ends where alternatives would be read again and again, and yields while it reads', async () => {
    // Each alternative fails at the last member only.
    const anyOf = Array.from({ length: 100 }, (_, n): ParameterSchema => ({
      type: 'object',
      properties: { last: { type: 'string', enum: [`${n}`] } },
    }));
    const goOn = jest.fn();
    const json = `{"x": {"data": [${'0,'.repeat(400_000)}0], "last": "none"}}`;
    expect((await find(json, { x: { anyOf } }, goOn))?.message).toContain('takes too much work to compare');
    // One for each slice of what was read again, too.
    expect(goOn.mock.calls.length).toBeGreaterThan(30);
    expect(await find('{"x": {"data": [0], "last": "99"}}', { x: { anyOf } })).toBeNull();
  });

  it('writes a message for what is told only, and compares with all choices at once', async () => {
    const choices: ParameterSchema = { type: 'string', enum: Array.from({ length: 100 }, (_, n) => `c${n}`) };
    const items: ParameterSchema = { anyOf: [choices, { enum: [1, 2, 3] }, { type: 'string' }] };
    const json = `{"x": [${'"none",'.repeat(5_000)}"c99", 2, "\\u0063"]}`;
    const [written, parsed] = [jest.spyOn(JSON, 'stringify'), jest.spyOn(JSON, 'parse')];
    try {
      expect(await find(json, { x: { type: 'array', items } })).toBeNull();
      expect([written.mock.calls.length < 10, parsed.mock.calls.length < 10]).toEqual([true, true]);
    } finally {
      jest.restoreAllMocks();
    }
    expect(await faultOf({ type: 'array', items }, '["c1", "\\u0078", 4]')).toMatch(
      /^x\[2\] must be one of .*, and is 4$/,
    );
  });
});
