import { runInNewContext } from 'node:vm';
import { writeJson } from './write-json';

describe('writeJson', () => {
  it.each([
    { a: 1, b: [true, null, 'é "x"\n\u2028'], c: { d: -0.5, e: undefined }, f: new Date(0) },
    [undefined, [], {}],
    'text',
    null,
    { __proto__: null, 'a b': 1 },
    { n: new Number(5), s: new String('ab'), b: new Boolean(false), u: new URL('http://h') },
    new (class Point {
      readonly x = 1;
    })(),
  ])('writes %j as JSON.stringify does', (value) => {
    expect(writeJson(value, 'inputs')).toBe(JSON.stringify(value));
  });

  it('writes a bigint as an integer with all its digits', () => {
    expect(writeJson({ n: [2n ** 70n, -1n] }, 'inputs')).toBe('{"n":[1180591620717411303424,-1]}');
    expect(writeJson(Object(2n ** 70n), 'inputs')).toBe('1180591620717411303424');
  });

  it.each([
    [{ rate: NaN }, 'inputs.rate is NaN'],
    [{ rows: [1, { x: -Infinity }] }, 'inputs.rows[1].x is -Infinity'],
    [{ f: () => 1 }, 'inputs.f is of type function'],
    [{ s: Symbol('s') }, 'inputs.s is of type symbol'],
    [{ m: new Map() }, 'inputs.m is a Map'],
    [{ b: new Uint8Array(2) }, 'inputs.b is bytes (Uint8Array): send them as a file'],
    [{ b: [Buffer.from('ab')] }, 'inputs.b[0] is bytes (Uint8Array): send them as a file'],
    [{ b: new DataView(new ArrayBuffer(2)) }, 'inputs.b is bytes (DataView)'],
    [{ d: new Date(NaN) }, 'inputs.d is a Date without a time'],
    [{ d: runInNewContext('new Date(NaN)') as unknown }, 'inputs.d is a Date without a time'],
    [{ b: new ArrayBuffer(2) }, 'inputs.b is an ArrayBuffer'],
    [{ p: Promise.resolve(1) }, 'inputs.p is a Promise: await it first'],
    [{ e: new Error('x') }, 'inputs.e is an Error'],
    [{ r: /x/ }, 'inputs.r is a RegExp'],
    [{ f: new Blob(['x']) }, 'inputs.f is a Blob: send it as a file'],
    [{ m: runInNewContext('new Map([[1, 2]])') as unknown }, 'inputs.m is a Map'],
  ])('refuses what JSON cannot say, and names it: %p', (value, message) => {
    expect(() => writeJson(value, 'inputs')).toThrow(new RegExp(message.replace(/[[\].()]/g, '\\$&')));
    expect(() => writeJson(value, 'inputs')).toThrow(TypeError);
  });

  it('refuses what contains itself', () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    expect(() => writeJson(value, 'inputs')).toThrow(/inputs\.self.* contains itself/);
  });
});
