import type { Request, Response } from 'express';
import { serveHealthOnly } from './health-only.middleware';
import { RequestFailure } from './request-failure';

describe('serveHealthOnly', () => {
  const answerTo = (path: string): unknown => {
    const next = jest.fn();
    serveHealthOnly('worker')({ path } as Request, {} as Response, next);
    expect(next).toHaveBeenCalledTimes(1);
    return (next.mock.calls[0] as unknown[])[0];
  };

  it.each(['/health', '/health/live', '/health/ready', '/health/startup'])('lets %s through', (path) => {
    expect(answerTo(path)).toBeUndefined();
  });

  it.each(['/', '/execute', '/executions/x', '/healthy', '/docs'])(
    'refuses %s, and says what there is',
    (path) => {
      const failure = answerTo(path);
      expect(failure).toBeInstanceOf(RequestFailure);
      expect(failure).toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('ROLE=worker') as string,
      });
    },
  );
});
