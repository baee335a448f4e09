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
  const { status, headers } = response;
  return {
    status,
    contentType: headers.get('Content-Type') ?? '',
    retryAfter: headers.get('Retry-After'),
    requestId: headers.get('X-Request-Id'),
    body: await response.text(),
  };
}

/** Whether an answer is a stream of that media type. Somebody on the way may not let one through, and answers as a whole. */
export function isStreamOf(response: Response, mediaType: string): response is StreamedResponse {
  const [type = ''] = (response.headers.get('Content-Type') ?? '').split(';', 1);
  return response.status === 200 && type.trim().toLowerCase() === mediaType && Boolean(response.body);
}

/** Whether the answer leads elsewhere. Browsers hide where to, and the status. */
export function isRedirect(response: Response): boolean {
  return response.type === 'opaqueredirect' || [301, 302, 303, 307, 308].includes(response.status);
}

/** @returns whole seconds, or null where the header is absent or a date, which pycell never sends */
export function readRetryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) : null;
}
