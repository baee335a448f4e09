import { AllowedOrigins } from './allowed-origins';

const origins = (...corsOrigins: readonly string[]) => new AllowedOrigins({ http: { corsOrigins } });

describe('AllowedOrigins', () => {
  it('lets who is no browser in', () => {
    expect(() => origins().check({})).not.toThrow();
  });

  it('lets pages in that are named', () => {
    expect(() => origins('https://a.example').check({ origin: 'https://a.example' })).not.toThrow();
  });

  it('lets every page in where all are', () => {
    expect(() => origins('*').check({ origin: 'https://b.example' })).not.toThrow();
  });

  it.each(['https://b.example', 'http://a.example', 'https://a.example:444', 'null', ''])(
    'refuses a page of %j',
    (origin) => {
      expect(() => origins('https://a.example').check({ origin })).toThrow(
        expect.objectContaining({
          code: 'FORBIDDEN',
          message: `Origin ${JSON.stringify(origin)} is not allowed: add it to CORS_ORIGINS to let its pages use this interface`,
        }) as Error,
      );
    },
  );
});
