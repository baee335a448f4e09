import type { Request, Response } from 'express';
import { explainBodyErrors } from './body-errors.middleware';

const explained = (error: unknown): unknown => {
  let passed: unknown;
  explainBodyErrors(error, {} as Request, {} as Response, (next?: unknown) => {
    passed = next;
  });
  return passed;
};

describe('explainBodyErrors', () => {
  it.each([
    [
      { type: 'entity.too.large', status: 413, message: 'x', limit: 10 },
      'PAYLOAD_TOO_LARGE',
      'limit of 10 bytes',
    ],
    [
      { type: 'charset.unsupported', status: 415, message: 'x' },
      'UNSUPPORTED_MEDIA_TYPE',
      'x, send it as UTF-8',
    ],
    [{ type: 'entity.parse.failed', status: 400, message: 'x' }, 'INVALID_REQUEST', 'not valid JSON'],
    [{ code: 'Z_DATA_ERROR', status: 400, message: 'x' }, 'INVALID_REQUEST', 'cannot be read'],
    [{ type: 'request.size.invalid', status: 400, message: 'x' }, 'INVALID_REQUEST', 'cannot be read'],
    [{ type: 'stream.encoding.set', status: 500, message: 'x' }, 'INTERNAL', 'Internal error'],
  ])('reads %j of the body parser as %s', (exception, code, message) => {
    expect(explained(exception)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it.each([
    ['{"script": "a\nb"}', 'written \\n'],
    ['{"script": "\\d"}', 'backslash'],
    ["{'script': 1}", 'double quotes'],
    ['{"script": 1,}', 'double quotes'],
    ['{"script": "a', 'ends too early'],
  ])('says what to do about %j', (text, hint) => {
    let error: unknown;
    try {
      JSON.parse(text);
    } catch (thrown) {
      error = Object.assign(thrown as Error, { type: 'entity.parse.failed', status: 400 });
    }
    expect(explained(error)).toMatchObject({ hint: expect.stringContaining(hint) });
  });

  it('says of bytes that are no UTF-8 how to send them', () => {
    expect(explained({ type: 'entity.encoding', status: 400, message: 'it is not UTF-8' })).toMatchObject({
      code: 'INVALID_REQUEST',
      message: 'Request body is not read: it is not UTF-8',
      hint: expect.stringContaining('in UTF-8'),
    });
  });

  it('passes other errors on', () => {
    const error = new Error('other');
    expect(explained(error)).toBe(error);
  });
});
