import type { RequestErrorCode } from '@pycell/contracts';
import { withoutKeys } from '../configuration/key-text';

/** A request that cannot be served, whatever it asked for. `message` is one sentence for the client. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';

  /** What the client can do, where `message` does not say it. */
  readonly hint: string | undefined;
  /** Headers that belong to the code. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param options.cause what really happened, for the log; never shown to a client outside of DEBUG */
  constructor(
    readonly code: RequestErrorCode | 'INTERNAL',
    message: string,
    options?: ErrorOptions & {
      readonly hint?: string | undefined;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ) {
    super(withoutKeys(message), options);
    this.hint = options?.hint && withoutKeys(options.hint);
    this.headers = options?.headers ?? {};
  }

  /** Our own fault: the client learns nothing but that. */
  static internal(cause: unknown): RequestFailure {
    return new RequestFailure('INTERNAL', 'Internal error', { cause });
  }
}
