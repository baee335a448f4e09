import { FailedRequests } from '../../http/failed-requests';
import { readConfiguration } from '../../configuration/configuration';
import type { ErrorAnswers } from '../../http/error-answers';
import { RateLimits } from '../../rates/rate-limits';
import type { ForeignClient } from './foreign-client';
import { InterfaceRates } from './interface-rates';

const clientOf = (id: string, rate: object | null = null) => ({ caller: { id, rate } }) as ForeignClient;

describe('InterfaceRates', () => {
  const ratesWith = (environment: NodeJS.ProcessEnv): InterfaceRates =>
    new InterfaceRates(
      new RateLimits({} as ErrorAnswers, new FailedRequests(), readConfiguration(environment)),
    );

  it('counts each execution of a request against the rate of its client', async () => {
    const rates = ratesWith({ RATE_LIMIT: '2' });
    expect(await rates.refusalOfAnother(clientOf('a'))).toBeNull();
    expect(await rates.refusalOfAnother(clientOf('a'))).toBeNull();
    expect(await rates.refusalOfAnother(clientOf('a'))).toMatchObject({
      kind: 'failed',
      code: 'RATE_LIMITED',
      message: expect.stringMatching(/^No more than 2 requests in 60 seconds/) as string,
      retryAfterSeconds: 60,
    });
    expect(await rates.refusalOfAnother(clientOf('b'))).toBeNull();
    const own = clientOf('key:c', { requests: 1, seconds: 9 });
    expect(await rates.refusalOfAnother(own)).toBeNull();
    expect(await rates.refusalOfAnother(own)).toMatchObject({ retryAfterSeconds: 9 });
  });

  it('has none for who has no rate', async () => {
    const rates = ratesWith({});
    for (let n = 0; n < 50; n++) {
      expect(await rates.refusalOfAnother(clientOf('a'))).toBeNull();
    }
  });
});
