import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import {
  API_PATHS,
  type ErrorResponse,
  type ExecuteResponse,
  type ValidateRequest,
  type ValidateResponse,
} from '@pycell/contracts';

/** What to send; the body goes out byte for byte. */
export interface HttpRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Cuts the connection when it aborts, as a client that goes away does. */
  readonly signal?: AbortSignal;
}

export interface HttpAnswer<T = unknown> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came. */
  readonly text: string;
  /** The body parsed; `undefined` where it is not JSON. */
  readonly body: T;
}

/** The answer to an execution: which half of the fields is there depends on the status. */
export type ExecuteAnswer = HttpAnswer<Omit<ExecuteResponse, 'artifacts'> & ErrorResponse>;

/** Talks to one server. Connections are kept alive and may be many. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 256 });

  /**
   * With `socketPath` it connects there, and `baseUrl` is only how it calls the server. `localAddress` is one of loopback:
   * the service takes clients with different ones for different callers.
   */
  constructor(
    readonly baseUrl: string,
    private readonly socketPath?: string,
    private readonly localAddress?: string,
  ) {}

  /** @throws the socket's error when the server is gone, or the abort of `signal`. */
  send<T = unknown>({
    method = 'GET',
    path,
    headers = {},
    body,
    signal,
  }: HttpRequest): Promise<HttpAnswer<T>> {
    return new Promise((resolve, reject) => {
      const where = this.socketPath === undefined ? {} : { socketPath: this.socketPath };
      const from = this.localAddress === undefined ? {} : { localAddress: this.localAddress };
      const options = { method, headers, agent: this.agent, ...where, ...from, ...(signal && { signal }) };
      const request = httpRequest(new URL(path, this.baseUrl), options, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(pieces).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            body: parse(text) as T,
          });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  get<T = unknown>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer<T>> {
    return this.send<T>({ path, headers });
  }

  /** Sends `body` to `POST /execute` as it is. */
  postRaw(
    body: string | Buffer,
    headers: Readonly<Record<string, string>> = { 'Content-Type': 'application/json' },
  ): Promise<ExecuteAnswer> {
    return this.send({ method: 'POST', path: API_PATHS.execute, headers, body });
  }

  /** Executes a script. `members`: JSON text of what the body has besides, such as `"inputs": {"n": 1.0}`. */
  execute(script: string, signal?: AbortSignal, members = ''): Promise<ExecuteAnswer> {
    const rest = members === '' ? '' : `, ${members}`;
    return this.send({
      method: 'POST',
      path: API_PATHS.execute,
      headers: { 'Content-Type': 'application/json' },
      body: `{"script": ${JSON.stringify(script)}${rest}}`,
      ...(signal && { signal }),
    });
  }

  /** Describes a script. */
  validate(body: ValidateRequest): Promise<HttpAnswer<ValidateResponse & ErrorResponse>> {
    return this.send({
      method: 'POST',
      path: API_PATHS.validate,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** Lets go of idle connections, which would otherwise keep the test process alive. */
  close(): void {
    this.agent.destroy();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not every answer is JSON: /docs is a page. A test that expects JSON fails on `undefined`.
    return undefined;
  }
}
