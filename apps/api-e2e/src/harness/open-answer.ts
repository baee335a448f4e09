import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { API_PATHS, type ExecutionEvent, STREAM_MEDIA_TYPES, type StreamFormat } from '@pycell/contracts';
import { parseServerSentEvents, splitLines } from './event-parsers';

/** What to ask of `POST /execute`, or of another path. */
export interface Asked {
  /** Empty where the method has none. */
  readonly body: object | string;
  readonly method?: string;
  readonly accept?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is read while it is made, and only so far as the test wants. */
export class OpenAnswer {
  private received: Buffer[] = [];

  private constructor(
    private readonly incoming: IncomingMessage,
    /** When the status came, by `performance.now()`. */
    readonly openedAt: number,
  ) {}

  /** Sends a request; settles when status and headers have come. Nothing of the body is read. */
  static open(
    baseUrl: string,
    { body, method = 'POST', accept, path = API_PATHS.execute, headers = {} }: Asked,
  ): Promise<OpenAnswer> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(new URL(path, baseUrl), {
        method,
        agent: false,
        headers: {
          'Content-Type': 'application/json',
          ...(accept !== undefined && { Accept: accept }),
          ...headers,
        },
      });
      request.on('response', (incoming) => resolve(new OpenAnswer(incoming, performance.now())));
      request.on('error', reject);
      request.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  }

  get status(): number {
    return this.incoming.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.incoming.headers;
  }

  /** All that was read. */
  get text(): string {
    return Buffer.concat(this.received).toString('utf8');
  }

  /** Reads on until that is enough. @throws where the answer is cut, or ends before */
  until(isEnough: (text: string) => boolean): Promise<string> {
    const { incoming } = this;
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void): void => {
        incoming.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose).pause();
        settled();
      };
      const onData = (piece: Buffer): void => {
        this.received.push(piece);
        if (isEnough(this.text)) {
          settle(() => resolve(this.text));
        }
      };
      const onEnd = (): void =>
        settle(() => reject(new Error(`the answer ended: ${this.text.slice(-2_000)}`)));
      const onError = (error: Error): void => settle(() => reject(error));
      const onClose = (): void => settle(() => reject(new Error('the answer was cut')));
      incoming.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose).resume();
    });
  }

  /** Reads all that there is. @throws where the answer is cut */
  rest(): Promise<string> {
    const { incoming } = this;
    return new Promise((resolve, reject) => {
      incoming.on('data', (piece: Buffer) => this.received.push(piece));
      incoming.on('end', () => (incoming.complete ? resolve(this.text) : reject(new Error('cut'))));
      incoming.on('error', reject);
      incoming.resume();
    });
  }

  /** Cuts the connection. */
  leave(): void {
    this.incoming.on('error', () => undefined).destroy();
  }
}

/** Sends a request for a stream; settles when it has ended. */
export async function streamOf(
  baseUrl: string,
  format: StreamFormat,
  body: object,
): Promise<readonly ExecutionEvent[]> {
  const answer = await OpenAnswer.open(baseUrl, { body, accept: STREAM_MEDIA_TYPES[format] });
  if (answer.status !== 200) {
    throw new Error(`${answer.status}: ${await answer.rest()}`);
  }
  return eventsOf(format, await answer.rest());
}

/** Reads a stream, by parsers that know nothing of the service. */
export function eventsOf(format: StreamFormat, text: string): readonly ExecutionEvent[] {
  return format === 'sse'
    ? parseServerSentEvents(text).events.map(
        ({ event, data }) => ({ type: event, ...(JSON.parse(data) as object) }) as ExecutionEvent,
      )
    : splitLines(text).map((line) => JSON.parse(line) as ExecutionEvent);
}

/** What was printed to one of the streams, put together. */
export function printed(events: readonly ExecutionEvent[], stream: 'stdout' | 'stderr'): string {
  return events.map((event) => (event.type === stream ? event.text : '')).join('');
}
