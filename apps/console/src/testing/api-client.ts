import { TestBed } from '@angular/core/testing';
import { ApiAddress } from '../app/address/api-address';
import { ApiClient } from '../app/api/api-client';
import { FETCH } from '../app/browser/fetch';

/** What of an answer the client reads. */
export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export function answerOf({ status = 200, headers = {}, body = '' }: FakeAnswer): Response {
  const fields = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status,
    headers: { get: (name: string) => fields.get(name.toLowerCase()) ?? null },
    text: () => Promise.resolve(body),
  } as unknown as Response;
}

/** The client of an API that answers by `fetch`. */
export function clientOf(fetch: jest.Mock, apiUrl = '/api'): ApiClient {
  TestBed.configureTestingModule({
    providers: [
      { provide: FETCH, useValue: fetch },
      {
        provide: ApiAddress,
        useValue: { settled: () => Promise.resolve(apiUrl), current: () => apiUrl },
      },
    ],
  });
  return TestBed.inject(ApiClient);
}
