import { TestBed } from '@angular/core/testing';
import { FETCH } from '../browser/fetch';
import { ConsoleConfiguration, FALLBACK_API_URL } from './console-configuration';

function configurationOf(fetch: jest.Mock): ConsoleConfiguration {
  TestBed.configureTestingModule({ providers: [{ provide: FETCH, useValue: fetch }] });
  return TestBed.inject(ConsoleConfiguration);
}

function answerOf(body: unknown, ok = true): Promise<unknown> {
  const json = (): Promise<unknown> => (body instanceof Error ? Promise.reject(body) : Promise.resolve(body));
  return Promise.resolve({ ok, json });
}

describe('ConsoleConfiguration', () => {
  it('has the address that the page was served with', async () => {
    const configuration = configurationOf(jest.fn(() => answerOf({ apiUrl: ' /api ' })));
    expect(configuration.apiUrl()).toBeNull();
    expect(await configuration.loaded).toBe('/api');
    expect(configuration.apiUrl()).toBe('/api');
  });

  it.each([
    ['is no config.json', () => answerOf({}, false)],
    ['is a page in its place', () => answerOf(new SyntaxError('Unexpected token <'))],
    ['is no address in it', () => answerOf({ apiUrl: 7 })],
    ['is no network', () => Promise.reject(new TypeError('Failed to fetch'))],
  ])('has the usual address where there %s', async (_what, fetch) => {
    expect(await configurationOf(jest.fn(fetch)).loaded).toBe(FALLBACK_API_URL);
  });

  it('does not wait for a host that does not answer', async () => {
    const timeOut = new AbortController();
    const patience = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(timeOut.signal);
    const fetch = jest.fn(
      (_url: URL, { signal }: RequestInit) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new DOMException('timed out', 'TimeoutError')));
        }),
    );
    const { loaded } = configurationOf(fetch);
    timeOut.abort();
    expect(await loaded).toBe(FALLBACK_API_URL);
    patience.mockRestore();
  });
});
