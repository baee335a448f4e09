import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { API_PATHS, REQUEST_ID_HEADER, STATUSES } from '@pycell/contracts';
import { type ExecutionFailure, SandboxService } from '@pycell/sandbox';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { chooseRequestId } from '../http/request-id.middleware';

const TELL_INTERVAL_MS = 1_000;
const BUSY = STATUSES.SANDBOX_BUSY.http;
/** Headers that differ between two refusals. */
const OWN_HEADERS: readonly string[] = [REQUEST_ID_HEADER.toLowerCase(), 'retry-after', 'content-length'];

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers requests to execute that find the queue full before anything else is done for them: not even their bodies are
 * read. A service that gets ten times what it can serve would otherwise be busy with refusals.
 *
 * The headers are those of a refusal that took the ordinary way, which the first one does.
 */
@Injectable()
export class EarlyRefusals implements OnApplicationShutdown {
  private readonly logger = new Logger('Execution');
  private headers: OutgoingHttpHeaders | null = null;
  private untold = 0;
  private readonly timer = setInterval(() => this.tell(), TELL_INTERVAL_MS).unref();

  constructor(
    private readonly sandbox: SandboxService,
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
      const refusal = this.isOrdinary(request) ? this.sandbox.refuseIfFull() : null;
      if (!refusal) {
        application(request, response);
      } else if (this.headers) {
        this.send(request, response, refusal, this.headers);
      } else {
        this.learnFrom(response);
        application(request, response);
      }
    });
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.tell();
  }

  private send(
    request: IncomingMessage,
    response: ServerResponse,
    { code, message, facts }: ExecutionFailure,
    headers: OutgoingHttpHeaders,
  ): void {
    const requestId = chooseRequestId(request);
    const body = JSON.stringify({ error: message, code, requestId });
    this.untold++;
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
      if (response.statusCode === BUSY && response.hasHeader('Retry-After')) {
        const learned = Object.entries(response.getHeaders()).filter(([name]) => !OWN_HEADERS.includes(name));
        this.headers = Object.fromEntries(learned);
      }
    });
  }

  /** One line for all of a second: a flood of requests must be no flood in the log. */
  private tell(): void {
    if (this.untold > 0) {
      this.logger.warn({ msg: 'executions refused early', outcome: 'SANDBOX_BUSY', count: this.untold });
      this.untold = 0;
    }
  }

  /**
   * Whether all that its refusal depends on is the queue: a browser's origin, say, is told what it may read, and a script
   * that may be too large is refused for that however busy the service is.
   */
  private isOrdinary({ method, url, headers }: IncomingMessage): boolean {
    return (
      method === 'POST' &&
      url === API_PATHS.execute &&
      headers.origin === undefined &&
      // A script has no more characters than its body has bytes. Without a length this is false.
      Number(headers['content-length']) <= this.configuration.sandbox.limits.maxScriptSize &&
      /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')
    );
  }
}
