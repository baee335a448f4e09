import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { API_PATHS, REQUEST_ID_HEADER, STATUSES } from '@pycell/contracts';
import { type CallerTerms, type ExecutionFailure, SandboxService } from '@pycell/sandbox';
import type { Request, Response } from 'express';
import { Callers } from '../callers/callers';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { ErrorAnswers } from '../http/error-answers';
import { PacedRefusals } from '../http/paced-refusals';
import { chooseRequestId } from '../http/request-id.middleware';
import { OpenResponses } from '../shutdown/open-responses';

const BUSY = STATUSES.SANDBOX_BUSY.http;
/** Headers that differ between two refusals; of a caller's rate nothing is said here, for nothing is counted. */
const OWN_HEADERS: readonly string[] = [
  REQUEST_ID_HEADER.toLowerCase(),
  'retry-after',
  'content-length',
  'ratelimit',
  'ratelimit-policy',
];
/** JSON in UTF-8, as nearly all clients send it. What is said of other types is said by who reads the body. */
const ORDINARY_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

/** From here on it costs more to receive a body than to be told of its flaws later is worth. */
const LARGE_BODY_BYTES = 64 * 1024;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers requests to execute that find no place, in the queue neither, before anything else is done for them: not even
 * their bodies are read. A service that gets ten times what it can serve would otherwise be busy with refusals; with those
 * who come again at once it would be all the same, so these are held back a moment.
 *
 * The headers are those of a refusal that took the ordinary way, which the first one does.
 */
@Injectable()
export class EarlyRefusals implements OnApplicationShutdown {
  private readonly logger = new Logger('Execution');
  private headers: OutgoingHttpHeaders | null = null;
  private readonly refusals = new PacedRefusals((count) =>
    this.logger.warn({ msg: 'executions refused early', outcome: 'SANDBOX_BUSY', count }),
  );

  constructor(
    private readonly sandbox: SandboxService,
    private readonly responses: OpenResponses,
    private readonly answers: ErrorAnswers,
    private readonly callers: Callers,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Puts itself before the application, which is the server's first listener. */
  install(server: Server): void {
    const [application] = server.listeners('request') as Listener[];
    if (!application) {
      throw new Error('the server has no application yet');
    }
    server.removeListener('request', application);
    server.prependListener('request', (request, response) => {
      // Who has no valid key learns of that, and nothing of the queue.
      const caller = this.isOrdinary(request) ? this.callers.callerFrom(request) : null;
      const refusal =
        caller && this.isOrdinaryLength(request, caller) ? this.sandbox.refuseIfFull(caller) : null;
      const { headers } = this;
      if (!caller || !refusal) {
        application(request, response);
      } else if (headers) {
        // One whose client does not read it is dropped like any other.
        this.responses.track(request as Request, response as Response, () => undefined);
        this.refusals.take(caller.id, () => {
          this.sandbox.noteRefusal(caller, refusal);
          this.send(request, response, refusal, headers);
        });
      } else {
        this.learnFrom(response);
        application(request, response);
      }
    });
  }

  onApplicationShutdown(): void {
    this.refusals.flush();
  }

  private send(
    request: IncomingMessage,
    response: ServerResponse,
    { code, message, facts }: ExecutionFailure,
    headers: OutgoingHttpHeaders,
  ): void {
    const requestId = chooseRequestId(request);
    const body = JSON.stringify(this.answers.bodyOf({ code, message }, requestId));
    response.writeHead(BUSY, {
      ...headers,
      [REQUEST_ID_HEADER]: requestId,
      'Retry-After': String(facts.retryAfterSeconds),
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
  }

  private learnFrom(response: ServerResponse): void {
    response.once('finish', () => {
      // Who is refused for the body that it keeps to itself is told to go, too.
      const isOfQueue = response.hasHeader('Retry-After') && !response.hasHeader('Connection');
      if (response.statusCode === BUSY && isOfQueue) {
        const learned = Object.entries(response.getHeaders()).filter(([name]) => !OWN_HEADERS.includes(name));
        this.headers = Object.fromEntries(learned);
      }
    });
  }

  /**
   * Whether its headers leave nothing but the queue to refuse it for: a browser's origin, say, is told what it may read,
   * and a script that may be too large is refused for that however busy the service is. What is wrong within a body is
   * told when there is a place for it.
   */
  private isOrdinary({ method, url, headers }: IncomingMessage): boolean {
    return (
      method === 'POST' &&
      url === API_PATHS.execute &&
      headers.origin === undefined &&
      headers['content-encoding'] === undefined &&
      ORDINARY_TYPE.test(headers['content-type'] ?? '')
    );
  }

  private isOrdinaryLength({ headers }: IncomingMessage, { limits }: CallerTerms): boolean {
    const { bodyLimitBytes } = this.configuration.http;
    // NaN where a request has none.
    const length = Number(headers['content-length']);
    // A script has no more characters than its body has bytes. What is large besides is not read for nothing.
    return (
      (length > 0 && length <= limits.maxScriptSize) ||
      (length > LARGE_BODY_BYTES && length <= bodyLimitBytes)
    );
  }
}
