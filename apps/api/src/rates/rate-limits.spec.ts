import { Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Caller } from '../callers/caller';
import { readConfiguration } from '../configuration/configuration';
import type { Rate } from '../configuration/rates-options';
import type { ErrorAnswer, ErrorAnswers } from '../http/error-answers';
import { FailedRequests } from '../http/failed-requests';
import { LocalCounter } from './local-counter';
import type { RateCounter } from './rate-counter';
import { RateLimits } from './rate-limits';

interface Seen {
  readonly isLetIn: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: ErrorAnswer | null;
}

describe('RateLimits', () => {
  let limits: RateLimits;
  let answer: ErrorAnswer | null;

  function limit(environment: NodeJS.ProcessEnv): void {
    const answers = { send: (_request: Request, _response: Response, sent: ErrorAnswer) => (answer = sent) };
    limits = new RateLimits(
      answers as unknown as ErrorAnswers,
      new FailedRequests(),
      readConfiguration(environment),
    );
  }

  function judge(caller: Pick<Caller, 'id' | 'rate'>, method = 'POST'): Seen {
    const headers: Record<string, string> = {};
    const next = jest.fn();
    answer = null;
    limits.judge(
      { method, caller } as unknown as Request,
      { setHeader: (name: string, value: string) => void (headers[name] = value) } as unknown as Response,
      next,
    );
    return { isLetIn: next.mock.calls.length === 1, headers, answer };
  }

  const keyed = (rate: Rate | null): Pick<Caller, 'id' | 'rate'> => ({ id: 'key:shop', rate });

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  afterEach(() => limits.onApplicationShutdown());

  it('holds a caller to the rate of its key, and the others to the default', () => {
    limit({ RATE_LIMIT: '100' });
    const rate = { requests: 2, seconds: 30 };
    expect(judge(keyed(rate)).headers).toEqual({
      'RateLimit-Policy': '"default";q=2;w=30',
      RateLimit: '"default";r=1;t=30',
    });
    expect(judge({ id: '127.0.0.1', rate: null }).headers['RateLimit']).toBe('"default";r=99;t=60');
    expect([judge(keyed(rate)).isLetIn, judge(keyed(rate)).isLetIn]).toEqual([true, false]);
  });

  it('has a rate for a key where there is no default', () => {
    limit({});
    expect(judge(keyed({ requests: 1, seconds: 1 })).isLetIn).toBe(true);
    expect(judge(keyed({ requests: 1, seconds: 1 }))).toMatchObject({
      isLetIn: false,
      answer: {
        code: 'RATE_LIMITED',
        message: 'No more than 1 request in 1 second: come again in 1 second',
        headers: { 'Retry-After': '1' },
      },
    });
    expect(judge({ id: '127.0.0.1', rate: null })).toEqual({ isLetIn: true, headers: {}, answer: null });
  });

  it.each([
    ['tell of a request', 'setHeader', 'headers are gone'],
    ['count it', 'take', 'no count'],
  ])('gives a fault while it would %s to the error handler, and ends no process', async (_what, at, text) => {
    limit({ RATE_LIMIT: '1' });
    const fail = (): never => {
      throw new Error(text);
    };
    const verdict = { isAllowed: true, remaining: 0, resetMs: 1 };
    const counter: RateCounter = LocalCounter.prototype;
    const told = at === 'take' ? Promise.reject(new Error(text)) : Promise.resolve(verdict);
    jest.spyOn(counter, 'take').mockReturnValueOnce(told);
    const error = await new Promise<unknown>((resolve) => {
      limits.judge(
        { method: 'POST', caller: keyed(null), socket: {} } as unknown as Request,
        { setHeader: fail } as unknown as Response,
        resolve,
      );
    });
    expect(error).toEqual(new Error(text));
  });

  it('counts no other method', () => {
    limit({ RATE_LIMIT: '1' });
    for (let n = 0; n < 5; n++) {
      expect(judge(keyed(null), 'GET')).toEqual({ isLetIn: true, headers: {}, answer: null });
    }
    expect(judge(keyed(null)).isLetIn).toBe(true);
  });

  it('tells of those who are beyond their rates and of those who cannot be judged in lines of their own', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    limit({ RATE_LIMIT: '1' });
    expect(limits.isShared).toBeNull();
    [1, 2, 3].forEach(() => judge(keyed(null)));
    limits.onApplicationShutdown();
    expect(warn.mock.calls).toEqual([[{ msg: 'requests refused for the rate of their caller', count: 2 }]]);

    warn.mockClear();
    // Nothing listens there.
    limit({ RATE_LIMIT: '1', RATE_LIMIT_WITHOUT_REDIS: 'closed', REDIS_URL: 'redis://127.0.0.1:1' });
    await limits.onModuleInit();
    expect(limits.isShared).toBe(false);
    expect(judge(keyed(null)).answer?.code).toBe('SANDBOX_UNAVAILABLE');
    limits.onApplicationShutdown();
    expect(warn.mock.calls).toEqual([[{ msg: 'requests refused because Redis is gone', count: 1 }]]);
    warn.mockRestore();
  });
});
