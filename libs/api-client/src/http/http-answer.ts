/** An answer as it came, whoever gave it. */
export interface HttpAnswer {
  readonly status: number;
  /** The `Content-Type` header; may be empty. */
  readonly contentType: string;
  /** The `Retry-After` header. */
  readonly retryAfter: string | null;
  /** The `X-Request-Id` header. */
  readonly requestId: string | null;
  readonly body: string;
}

/** An answer whose body comes bit by bit. */
export type StreamedResponse = Response & { readonly body: ReadableStream<Uint8Array<ArrayBuffer>> };

/** Reads an answer to its end. Throws what `fetch` throws where it breaks off. */
export async function readAnswer(response: Response): Promise<HttpAnswer> {
  return { ...headersOf(response), body: await response.text() };
}

/** What is known of an answer without its body. */
export function headersOf({ status, headers }: Response): Omit<HttpAnswer, 'body'> {
  return {
    status,
    contentType: headers.get('Content-Type') ?? '',
    retryAfter: headers.get('Retry-After'),
    requestId: headers.get('X-Request-Id'),
  };
}

/** Whether an answer is a stream of that media type. Somebody on the way may not let one through, and answers as a whole. */
export function isStreamOf(response: Response, mediaType: string): response is StreamedResponse {
  return response.status === 200 && mediaTypeOf(response) === mediaType && Boolean(response.body);
}

/** The media type of an answer without its parameters, in lower case; empty where it says none. */
export function mediaTypeOf({ headers }: Response): string {
  const [type = ''] = (headers.get('Content-Type') ?? '').split(';', 1);
  return type.trim().toLowerCase();
}

/** Whether the answer leads elsewhere. Browsers hide where to, and the status. */
export function isRedirect(response: Response): boolean {
  return response.type === 'opaqueredirect' || [301, 302, 303, 307, 308].includes(response.status);
}

/** A wait beyond it is as good as none, and fits into a timer. Seconds. */
const LONGEST_WAIT_S = 86_400;
/** As HTTP writes dates; `Date.parse` makes a date of nearly everything. */
const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;

/**
 * pycell sends seconds; what stands in front of it may send a date.
 *
 * @returns whole seconds, at most a day; null where the header is absent, or is no time: nobody has said how long, then
 */
export function readRetryAfter(header: string | null): number | null {
  if (header === null) {
    return null;
  }
  const text = header.trim();
  if (/^\d+$/.test(text)) {
    return Math.min(Number(text), LONGEST_WAIT_S);
  }
  const seconds = DATE.test(text) ? Math.ceil((Date.parse(text) - Date.now()) / 1_000) : NaN;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), LONGEST_WAIT_S);
}
