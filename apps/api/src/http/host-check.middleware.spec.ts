import type { Request, Response } from 'express';
import { allowHosts } from './host-check.middleware';

describe('allowHosts', () => {
  const middleware = allowHosts(['localhost', '127.0.0.1', '::1']);
  const pass = (host?: string): unknown => {
    let result: unknown = 'passed';
    middleware({ headers: { host } } as Request, {} as Response, (error?: unknown) => {
      result = error ?? result;
    });
    return result;
  };

  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1:80', '[::1]:8080', '[::1]'])('lets %s pass', (host) => {
    expect(pass(host)).toBe('passed');
  });

  it.each(['evil.example', 'localhost.evil.example:8080', '127.0.0.1.evil.example', '', undefined])(
    'refuses %p',
    (host) => {
      expect(pass(host)).toMatchObject({ code: 'INVALID_REQUEST' });
    },
  );
});
