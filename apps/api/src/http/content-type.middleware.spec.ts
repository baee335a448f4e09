import type { Request } from 'express';
import { requireJson, requireJsonOr } from './content-type.middleware';

/** Returns the refusal of a POST with this type, undefined where it goes on. */
function refusalOf(type: string | undefined, path = '/execute', station = requireJson): unknown {
  let passed: unknown;
  const request = {
    method: 'POST',
    baseUrl: '',
    path,
    is: () => type?.startsWith('application/json') === true && 'application/json',
    get: () => type,
  } as unknown as Request;
  station(request, {} as never, (error?: unknown) => {
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

describe('requireJsonOr', () => {
  it('says of a path of an interface that no POST is for that, whatever the type', () => {
    const station = requireJsonOr([], [{ method: 'GET', path: '/languages/{id}', description: '' }]);
    expect(refusalOf('text/plain', '/languages/71', station)).toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
      message: expect.stringContaining('answers to GET and HEAD, not to POST') as string,
    });
    expect(refusalOf('text/plain', '/run', station)).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  function statusOf(headers: Readonly<Record<string, string>>): string | undefined {
    const type = headers['Content-Type'] ?? '';
    let passed: { code?: string } | undefined;
    const request = {
      method: 'POST',
      is: (types: string | string[]) => [types].flat().find((known) => type.startsWith(known)) ?? false,
      get: (name: string) => headers[name],
    } as unknown as Request;
    requireJsonOr(['text/plain'], [])(request, {} as never, (error?: unknown) => {
      passed = error as { code?: string } | undefined;
    });
    return passed?.code;
  }

  it.each(['application/json', 'text/plain', 'text/plain;charset=UTF-8'])('lets %s pass', (type) => {
    expect(statusOf({ 'Content-Type': type })).toBeUndefined();
  });

  it.each([
    ['another type', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['no type', {}],
    ['the other type from a page', { 'Content-Type': 'text/plain', Origin: 'https://evil.example' }],
    ['the other type from a page that hides', { 'Content-Type': 'text/plain', Origin: 'null' }],
    ['the other type from a browser', { 'Content-Type': 'text/plain', 'Sec-Fetch-Site': 'cross-site' }],
  ])('refuses %s', (_name, headers) => {
    expect(statusOf(headers as Readonly<Record<string, string>>)).toBe('UNSUPPORTED_MEDIA_TYPE');
  });

  it('asks for no type where nobody reads a body and none comes, there only', () => {
    const station = requireJsonOr([], [], ['/authenticate']);
    const refused = (method: string, path: string, headers: Readonly<Record<string, string>>): unknown => {
      let passed: { code?: string } | undefined;
      const get = (name: string) => headers[name.toLowerCase()];
      const request = { method, baseUrl: path, path: '/', headers, get, is: () => false };
      station(request as unknown as Request, {} as never, (error?: unknown) => {
        passed = error as { code?: string } | undefined;
      });
      return passed?.code;
    };
    const none = { 'content-length': '0' };
    for (const headers of [none, {}, { ...none, 'content-type': 'application/x-www-form-urlencoded' }]) {
      expect(refused('POST', '/Authenticate', headers)).toBeUndefined();
      expect(refused('POST', '/submissions', headers)).toBe('UNSUPPORTED_MEDIA_TYPE');
    }
    for (const headers of [{ 'content-length': '1' }, { 'transfer-encoding': 'chunked' }]) {
      expect(refused('POST', '/authenticate', headers)).toBe('UNSUPPORTED_MEDIA_TYPE');
    }
  });

  it('takes JSON of a page, which its browser asks for before', () => {
    expect(statusOf({ 'Content-Type': 'application/json', Origin: 'https://a.example' })).toBeUndefined();
  });
});
