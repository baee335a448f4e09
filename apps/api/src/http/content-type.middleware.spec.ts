import type { Request } from 'express';
import { requireJson } from './content-type.middleware';

/** Returns the refusal of a POST with this type, undefined where it goes on. */
function refusalOf(type: string | undefined, path = '/execute'): unknown {
  let passed: unknown;
  const request = {
    method: 'POST',
    baseUrl: '',
    path,
    is: () => type?.startsWith('application/json') === true && 'application/json',
    get: () => type,
  } as unknown as Request;
  requireJson(request, {} as never, (error?: unknown) => {
    passed = error;
  });
  return passed;
}

describe('requireJson', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json; x=y; Charset = utf-8 ; z=1',
  ])('lets %s pass', (type) => {
    expect(refusalOf(type)).toBeUndefined();
  });

  it.each(['utf-16', 'utf-16le', 'utf-7', 'utf-8x', 'utf8', 'iso-8859-1', '"iso-8859-1"', ''])(
    'refuses the charset %j',
    (charset) => {
      expect(refusalOf(`application/json; charset=${charset}`)).toMatchObject({
        code: 'UNSUPPORTED_MEDIA_TYPE',
        message: expect.stringMatching(
          /^Request body: unsupported charset ".*", send it as UTF-8$/,
        ) as string,
      });
    },
  );

  it.each([undefined, 'text/plain'])('refuses the type %s', (type) => {
    expect(refusalOf(type)).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  });
  it('says of a path that no POST is for that, whatever the type', () => {
    expect(refusalOf(undefined, '/executions/0123456789abcdef0123456789abcdef')).toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
      message: expect.stringContaining('answers to GET and HEAD and DELETE, not to POST') as string,
    });
    expect(refusalOf(undefined, '/executions')).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  });
});
