import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { API_PATHS, type ErrorCode, STATUSES } from '@pycell/contracts';
import { OtherServer } from './other-servers';

/** What a key may do: its name, or how requests with it are refused. */
export type KeyState =
  | { readonly name: string; readonly maxScriptSize?: number }
  | { readonly refusedBy: Exclude<RefusalCode, 'RATE_LIMITED'> }
  /** The next run is one too many. */
  | { readonly name: string; readonly isLimitedFor: number };

type RefusalCode = Extract<ErrorCode, 'UNAUTHENTICATED' | 'FORBIDDEN' | 'RATE_LIMITED'>;

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
}

/** In front of the shared API: judges keys as the contract has it, and tells what it was asked. */
export class KeyedApi {
  /** By the key; a test may change them. */
  keys: Record<string, KeyState> = {};
  /** Whether `GET /` and `/modules` need a key as well. */
  isMetadataLocked = false;
  readonly asked: Asked[] = [];
  private server: OtherServer | null = null;

  constructor(private readonly apiUrl: string) {}

  get url(): string {
    return this.server?.url ?? '';
  }

  async start(): Promise<void> {
    this.server = await OtherServer.start((request, response) => this.answer(request, response));
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  /** As before the first test. */
  reset(keys: Record<string, KeyState>): void {
    this.keys = keys;
    this.isMetadataLocked = false;
    this.asked.length = 0;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url: path = '' } = request;
    const key = headerOf(request, 'x-api-key');
    if (method === 'OPTIONS') {
      response.writeHead(204, {
        ...allowAll(request),
        'Access-Control-Allow-Methods': 'GET, POST',
        'Access-Control-Allow-Headers': 'content-type, x-api-key',
      });
      response.end();
      return;
    }
    this.asked.push({ method, path, key });
    const refusal = this.refusalOf(method, path, key);
    if (refusal) {
      refuse(request, response, refusal);
      return;
    }
    this.forward(request, response, key);
  }

  private refusalOf(method: string, path: string, key: string | undefined): Refusal | null {
    const isOpen = method === 'GET' && !(this.isMetadataLocked && !path.startsWith('/health'));
    if (key === undefined) {
      return isOpen ? null : { code: 'UNAUTHENTICATED', error: 'The request names no key.' };
    }
    const state = Object.hasOwn(this.keys, key) ? this.keys[key] : undefined;
    if (!state) return { code: 'UNAUTHENTICATED', error: 'The key is not known.' };
    if ('refusedBy' in state) return { code: state.refusedBy, error: 'The key is switched off.' };
    if (!('isLimitedFor' in state) || path !== API_PATHS.execute) return null;
    const { name, isLimitedFor } = state;
    this.keys = { ...this.keys, [key]: { name } };
    return { code: 'RATE_LIMITED', error: '20 requests in 60 s were sent.', retryAfter: isLimitedFor };
  }

  private forward(request: IncomingMessage, response: ServerResponse, key: string | undefined): void {
    const address = new URL(request.url ?? '/', this.apiUrl);
    const isMetadata = request.method === 'GET' && address.pathname === API_PATHS.metadata;
    const headers = { ...request.headers, host: address.host };
    const outgoing = send(address, { method: request.method, headers }, (incoming) => {
      if (isMetadata) {
        void this.tellCaller(incoming, response, { ...allowAll(request) }, key);
        return;
      }
      response.writeHead(incoming.statusCode ?? 502, { ...incoming.headers, ...allowAll(request) });
      incoming.pipe(response);
    });
    outgoing.once('error', () => response.destroy());
    response.once('close', () => outgoing.destroy());
    request.pipe(outgoing);
  }

  private async tellCaller(
    incoming: IncomingMessage,
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
    key: string | undefined,
  ): Promise<void> {
    const metadata = JSON.parse(await textOf(incoming)) as { limits: object };
    const state = key === undefined ? undefined : this.keys[key];
    const known = state && 'name' in state ? state : null;
    const limits = known && 'maxScriptSize' in known ? { maxScriptSize: known.maxScriptSize } : {};
    const caller = {
      key: known?.name ?? null,
      places: known ? 2 : null,
      rate: known ? { requests: 600, seconds: 60 } : null,
    };
    const body = JSON.stringify({ ...metadata, limits: { ...metadata.limits, ...limits }, caller });
    response.writeHead(200, { ...headers, 'Content-Type': 'application/json' });
    response.end(body);
  }
}

interface Refusal {
  readonly code: RefusalCode;
  readonly error: string;
  readonly retryAfter?: number;
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { code, error, retryAfter }: Refusal,
): void {
  request.resume();
  response.writeHead(STATUSES[code].http, {
    ...allowAll(request),
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    ...(code === 'UNAUTHENTICATED' && { 'WWW-Authenticate': 'Bearer realm="pycell"' }),
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
  });
  response.end(JSON.stringify({ error, code, requestId: 'of-the-test' }));
}

/** For pages of other origins. */
function allowAll(request: IncomingMessage): Readonly<Record<string, string>> {
  const origin = headerOf(request, 'origin');
  return origin === undefined
    ? {}
    : { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': 'Retry-After' };
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join() : value;
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
