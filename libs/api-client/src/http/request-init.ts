import { MEDIA_TYPES } from './paths';

/**
 * Not `Authorization`: a proxy with a password of its own would take the key in it for a wrong one. With both headers a
 * request does not get through either: nginx hands the password on, and the API refuses it as a second key.
 */
const KEY_HEADER = 'X-API-Key';

/** One request to the API. */
export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** The JSON text of the body. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** null: without a key. */
  readonly apiKey?: string | null;
  /** By default nothing is sent on: neither a script nor a key goes to another address than it was meant for. */
  readonly redirect?: NonNullable<RequestInit['redirect']>;
  readonly signal?: AbortSignal | null;
}

/** How a request is handed to `fetch`. */
export function requestInit(request: ApiRequest): RequestInit {
  const { method = 'GET', body, headers, apiKey = null, redirect = 'manual', signal = null } = request;
  return {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': MEDIA_TYPES.json }),
      ...headers,
      ...(apiKey !== null && { [KEY_HEADER]: apiKey }),
    },
    ...(body !== undefined && { body }),
    redirect,
    cache: 'no-store',
    // The API knows no cookies, and an address that somebody typed should get none.
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    ...(signal && { signal }),
  };
}
