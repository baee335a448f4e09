import { setTimeout as delay } from 'node:timers/promises';
import {
  API_PATHS,
  type ErrorResponse,
  type ExecuteResponse,
  type MetadataResponse,
} from '@pycell/contracts';

/** The service cannot be asked; the message says why, and what to do. */
export class CannotAsk extends Error {}

/** What an execution was answered with: which half of the fields is there depends on the status. */
export type ExecutionAnswer = Partial<ExecuteResponse & ErrorResponse>;

/** Where a deployment is, and what it wants to see. */
export interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const DESCRIBE_TIMEOUT_MS = 10_000;
/** Waiting in the queue, and the way there and back, beside the time that a run may take. */
const SLACK_MS = 20_000;
/** A service that is full or shuts down says when to come again; so often it is believed. */
const ATTEMPTS = 4;
const LONGEST_PAUSE_S = 5;

/** Talks to a service in use: one request at a time, each with an end. */
export class Deployment {
  private constructor(
    private readonly address: Address,
    /** What it says of itself. */
    readonly described: MetadataResponse,
  ) {}

  /** @throws CannotAsk when nothing at that address answers as pycell does. */
  static async find(address: Address): Promise<Deployment> {
    const { status, body } = await send(address, API_PATHS.metadata, DESCRIBE_TIMEOUT_MS);
    if (status !== 200) {
      throw new CannotAsk(`${address.url} answers ${status} to GET /. ${adviceFor(status)}`);
    }
    if (!isMetadata(body)) {
      throw new CannotAsk(
        `What answers at ${address.url} is no pycell API. Behind the console, the address ends with /api.`,
      );
    }
    return new Deployment(address, body);
  }

  /** @throws CannotAsk when it gives no answer about the script. */
  async execute(script: string): Promise<ExecutionAnswer> {
    const timeoutMs = this.described.limits.timeoutSeconds * 1000 + SLACK_MS;
    for (let attempt = 1; ; attempt++) {
      const { status, body, retryAfter } = await send(this.address, API_PATHS.execute, timeoutMs, { script });
      const isBusy = status === 429 || status === 503;
      if (isBusy && attempt < ATTEMPTS) {
        await delay(Math.min(retryAfter ?? 1, LONGEST_PAUSE_S) * 1000);
      } else if (isBusy || !isObject(body) || !('result' in body || typeof body['code'] === 'string')) {
        throw new CannotAsk(`POST /execute was answered with ${status}. ${adviceFor(status)}`);
      } else {
        return body;
      }
    }
  }
}

interface Answer {
  readonly status: number;
  /** The body parsed; `undefined` where it is not JSON. */
  readonly body: unknown;
  readonly retryAfter: number | undefined;
}

async function send(
  { url, headers }: Address,
  path: string,
  timeoutMs: number,
  body?: object,
): Promise<Answer> {
  const about = body && {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  };
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    // A redirection would send the headers, which may hold a key, somewhere else.
    const answer = await fetch(`${url.replace(/\/+$/, '')}${path}`, {
      redirect: 'manual',
      headers,
      ...about,
      signal,
    });
    const retryAfter = Number(answer.headers.get('Retry-After') ?? undefined);
    return {
      status: answer.status,
      body: parse(await answer.text()),
      retryAfter: retryAfter > 0 ? retryAfter : undefined,
    };
  } catch (error) {
    throw new CannotAsk(`${url} does not answer: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') {
    return 'no answer in time';
  }
  // fetch says "fetch failed", and why in the cause; that of several addresses tried has a code alone.
  const { code, message: why } = (cause ?? {}) as { code?: string; message?: string };
  return [why, code, message].find(Boolean) ?? name;
}

function adviceFor(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return 'Does it want a key? --header "X-API-Key: ..." sends one.';
    case 429:
    case 503:
      return 'It is busy, or its sandbox is not ready: GET /health/ready and its log tell.';
    default:
      return 'Is that the address of the API? Behind the console it ends with /api.';
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page, or what a proxy says: the status tells enough.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isMetadata(value: unknown): value is MetadataResponse {
  return (
    isObject(value) &&
    value['name'] === 'pycell' &&
    typeof value['isolation'] === 'string' &&
    isObject(value['python']) &&
    isObject(value['scriptPolicy']) &&
    isObject(value['selfTest']) &&
    isObject(value['limits']) &&
    Number.isFinite(value['limits']['timeoutSeconds'])
  );
}
