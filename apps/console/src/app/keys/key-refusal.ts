/** A code by which the API says that it wants a key, or another one. */
export type KeyCode = 'UNAUTHENTICATED' | 'FORBIDDEN';

/** The API has not taken a request: it came without a key, or with one that it does not accept. */
export interface KeyRefusal {
  /** The address of the API, as it is configured. */
  readonly apiUrl: string;
  readonly code: KeyCode;
  /** What the API says about it. */
  readonly message: string;
  /** Whether the request had a key. */
  readonly hadKey: boolean;
}

/** By the statuses of the contract: another service may use such a code for something else. */
export function isKeyCode(code: string, status: number): code is KeyCode {
  return (code === 'UNAUTHENTICATED' && status === 401) || (code === 'FORBIDDEN' && status === 403);
}
