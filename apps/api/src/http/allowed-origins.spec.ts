import type { Request, Response } from 'express';
import { refuseForeignPages } from './allowed-origins';

/** Returns what the station goes on with. */
function judged(corsOrigins: readonly string[], headers: { readonly origin?: string }): unknown {
  const next = jest.fn();
  refuseForeignPages(corsOrigins)({ headers } as Request, {} as Response, next);
  expect(next).toHaveBeenCalledTimes(1);
  return (next.mock.calls as unknown[][])[0]?.[0];
}

describe('refuseForeignPages', () => {
  it('lets who is no browser in', () => {
    expect(judged([], {})).toBeUndefined();
  });

  it('lets pages in that are named', () => {
    expect(judged(['https://a.example'], { origin: 'https://a.example' })).toBeUndefined();
  });

  it('lets every page in where all are', () => {
    expect(judged(['*'], { origin: 'https://b.example' })).toBeUndefined();
  });

  it.each(['https://b.example', 'http://a.example', 'https://a.example:444', 'null', ''])(
    'refuses a page of %j',
    (origin) => {
      expect(judged(['https://a.example'], { origin })).toMatchObject({
        code: 'FORBIDDEN',
        message: `Origin ${JSON.stringify(origin)} is not allowed: add it to CORS_ORIGINS to let its pages use this interface`,
      });
    },
  );
});
