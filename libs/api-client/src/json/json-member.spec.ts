import { findMember } from './json-member';

function raw(json: string, name = 'result'): string | null {
  const span = findMember(json, name);
  return span && json.slice(span.start, span.end);
}

describe('findMember', () => {
  it.each([
    ['a big integer with all its digits', '123456789012345678901234567890'],
    ['a float as Python spelled it', '1.0'],
    ['an exponent', '1e+22'],
    ['null', 'null'],
    ['true', 'true'],
    ['an empty string', '""'],
    ['a string with quotes and backslashes', String.raw`"say \"hi\" \\"`],
    ['a string that looks like structure', '"}],{"'],
    ['an empty object', '{}'],
    ['an empty list', '[]'],
    ['nested values', '{"b": [1, {"result": 2}], "a": "]"}'],
    ['a string that ends in a backslash inside a list', String.raw`["\\", "\\\""]`],
  ])('finds %s', (_what, value) => {
    expect(raw(`{"result":${value},"stdout":"x"}`)).toBe(value);
    expect(raw(`{"stdout":"x","result":${value}}`)).toBe(value);
    expect(raw(` {\n "stdout" : "x" , "result" : ${value}\n} `)).toBe(value);
  });

  it('is not misled by the name inside of other values', () => {
    expect(raw('{"stdout":"\\"result\\":1","inner":{"result":2},"result":3}')).toBe('3');
  });

  it('keeps the order of keys that look like numbers', () => {
    expect(raw('{"result":{"2":"b","1":"a"}}')).toBe('{"2":"b","1":"a"}');
  });

  it.each([
    ['another member only', '{"stdout":"x"}'],
    ['an empty object', '{}'],
    ['a list', '[{"result":1}]'],
    ['a page', '<!doctype html>'],
    ['nothing', ''],
    ['a text that breaks off in a string', '{"result":"abc'],
    ['a text that breaks off in a list', '{"result":[1,2'],
    ['a text that breaks off in a number', '{"result":12'],
    ['a member without a value', '{"result":}'],
    ['a key without a colon', '{"result"}'],
  ])('finds nothing in %s', (_what, json) => {
    expect(raw(json)).toBeNull();
  });

  it('takes linear time for a large value', () => {
    const value = `[${Array.from({ length: 200_000 }, (_, index) => `{"n":${index},"s":"\\\\"}`).join(',')}]`;
    const since = performance.now();
    expect(raw(`{"result":${value},"stdout":""}`)).toBe(value);
    expect(performance.now() - since).toBeLessThan(2_000);
  });
});
