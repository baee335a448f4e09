import type { ParameterSchema, ValidateResponse } from '@pycell/contracts';
import { memberOf } from '@pycell/api-client';
import type { InputField } from '../values/input-field';
import { readSignature } from './read-signature';

function signatureOf(parametersJson: string): ReturnType<typeof readSignature> {
  const answer = {
    valid: true,
    violations: [],
    syntaxError: null,
    imports: { known: [], missing: [] },
    main: { async: false, doc: 'Says hello.', parameters: JSON.parse(parametersJson) as never },
  } satisfies ValidateResponse;
  return readSignature({ kind: 'validated', answer, parametersJson });
}

function fieldOf(schema: ParameterSchema | string, required = false): InputField | undefined {
  const json = typeof schema === 'string' ? schema : JSON.stringify(schema);
  const properties = `{"type":"object","properties":{"x":${json}},"required":${required ? '["x"]' : '[]'},"additionalProperties":false}`;
  return signatureOf(properties)?.fields[0];
}

describe('the signature of main', () => {
  it.each([
    [{ type: 'integer' }, 'integer'],
    [{ type: 'number' }, 'number'],
    [{ type: ['integer', 'number'] }, 'number'],
    [{ type: 'string' }, 'text'],
    [{ type: 'string', format: 'date' }, 'date'],
    [{ type: 'string', format: 'date-time' }, 'date-time'],
    [{ type: 'string', format: 'time' }, 'time'],
    [{ type: 'string', format: 'constructor' }, 'text'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'array', items: { type: 'integer' } }, 'list'],
    [{ type: 'array', format: 'dataframe' }, 'table'],
    [{ type: 'object' }, 'object'],
    [{ enum: ['a', 'b'] }, 'choice'],
    [{ type: ['string', 'null'] }, 'text'],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'integer'],
    [{ anyOf: [{ type: 'integer' }, { type: 'number' }] }, 'number'],
    [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, 'any'],
    [{ anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] }, 'date'],
    [{ type: ['integer', 'string'] }, 'any'],
    [{ type: 'constructor' }, 'any'],
    [{}, 'any'],
  ] as const)('has for %j a field of the kind %s', (schema, kind) => {
    expect(fieldOf(schema)?.kind).toBe(kind);
  });

  it('keeps the digits of defaults and choices', () => {
    expect(fieldOf('{"type":"integer","default":1180591620717411303424}')?.defaultJson).toBe(
      '1180591620717411303424',
    );
    expect(fieldOf('{"enum":[1.0,"a",null]}')).toMatchObject({
      kind: 'choice',
      options: ['1.0', '"a"'],
      isNullable: true,
    });
    expect(fieldOf('{"anyOf":[{"enum":["a","b"]},{"type":"null"}],"default":null}')).toMatchObject({
      kind: 'choice',
      options: ['"a"', '"b"'],
      isNullable: true,
      defaultJson: 'null',
    });
  });

  it('tells what is required and what may be None', () => {
    expect(fieldOf({ type: 'string' }, true)).toMatchObject({ isRequired: true, isNullable: false });
    expect(fieldOf({ type: ['string', 'null'] })).toMatchObject({ isRequired: false, isNullable: true });
  });

  it('has the parameters in the order of the signature, whatever their names are', () => {
    const json =
      '{"type":"object","properties":{"b":{},"__proto__":{},"a":{}},"required":["__proto__"],"additionalProperties":true}';
    expect(memberOf(json, 'required')).toBe('["__proto__"]');
    expect(signatureOf(json)).toMatchObject({ takesMore: true, doc: 'Says hello.' });
    expect(signatureOf(json)?.fields.map(({ name }) => name)).toEqual(['b', '__proto__', 'a']);
  });

  it('is none where there is no main', () => {
    const answer: ValidateResponse = {
      valid: false,
      violations: [],
      syntaxError: null,
      imports: { known: [], missing: [] },
      main: null,
    };
    expect(readSignature({ kind: 'validated', answer, parametersJson: null })).toBeNull();
  });
});
