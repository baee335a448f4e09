import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { AddressRefused, checkedAddresses, NameUnknown, type Resolution } from './checked-addresses';
import { type Delivery, type DeliveryResult, type FailureReason, resultOf } from './delivery';
import { isPublicAddress } from './public-address';

/** How long things may take, and how much is read. */
export interface SenderBounds {
  /** An attempt in all, from the question for the name to the status. */
  readonly totalMs: number;
  /** Until the connection is secure. */
  readonly connectMs: number;
  /** The body of an answer is of no interest: it is read for so long, so that the receiver sees no broken connection. */
  readonly bodyMs: number;
  readonly bodyBytes: number;
  readonly headerBytes: number;
}

export const SENDER_BOUNDS: SenderBounds = {
  totalMs: 10_000,
  connectMs: 5_000,
  bodyMs: 1_000,
  bodyBytes: 4_096,
  headerBytes: 8_192,
};

/** What tests of the sender need. None of it can be set from outside of the process. */
export interface SenderOptions {
  readonly resolution?: Resolution;
  readonly bounds?: SenderBounds;
  /** Certificates that are trusted instead of those of Node. */
  readonly ca?: string;
}

/** What is told of an attempt under way. */
interface Progress {
  /** The connection is secure. */
  readonly connected: () => void;
  /** The status is there. */
  readonly answered: () => void;
}

/** Each address is tried for so long before the next one. */
const ADDRESS_TIMEOUT_MS = 2_000;

/**
 * Sends callbacks, one attempt each: to a public address, by TLS to the name, and nowhere else. No redirect is followed, no proxy
 * of the environment is used, and whatever a receiver does, an attempt ends in bounded time with bounded memory.
 */
export class CallbackSender {
  private readonly resolution: Resolution;
  private readonly bounds: SenderBounds;
  private readonly ca: string | undefined;
  /** Our own: the global one keeps connections, and Node can be told to have it use a proxy. */
  private readonly agent = new Agent({
    keepAlive: false,
    maxCachedSessions: 0,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
  });

  constructor(options: SenderOptions = {}) {
    this.resolution = options.resolution ?? { isAllowed: isPublicAddress, servers: null };
    this.bounds = options.bounds ?? SENDER_BOUNDS;
    this.ca = options.ca;
  }

  /** Tries to send it. Never rejects: why it failed is in the result. */
  async send(delivery: Delivery): Promise<DeliveryResult> {
    const deadline = new AbortController();
    const total = setTimeout(() => deadline.abort(), this.bounds.totalMs);
    const connect = setTimeout(() => deadline.abort(), this.bounds.connectMs);
    try {
      const addresses = await checkedAddresses(delivery.target.host, this.resolution, deadline.signal);
      return await this.post(delivery, addresses, deadline.signal, {
        connected: () => clearTimeout(connect),
        answered: () => clearTimeout(total),
      });
    } catch (error) {
      const reason = deadline.signal.aborted ? 'timeout' : reasonOf(error);
      return { kind: 'failed', reason, status: null, retryAfterMs: null };
    } finally {
      clearTimeout(total);
      clearTimeout(connect);
    }
  }

  private post(
    delivery: Delivery,
    addresses: readonly LookupAddress[],
    signal: AbortSignal,
    { connected, answered }: Progress,
  ): Promise<DeliveryResult> {
    const { host, port, path } = delivery.target;
    return new Promise((resolve, reject) => {
      const sent = request({
        agent: this.agent,
        method: 'POST',
        host,
        servername: host,
        port,
        path,
        headers: headersOf(delivery),
        // What was checked is what is connected to: the name is not asked for again.
        lookup: answerWith(addresses),
        // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not decide.
        rejectUnauthorized: true,
        minVersion: 'TLSv1.2',
        maxHeaderSize: this.bounds.headerBytes,
        insecureHTTPParser: false,
        signal,
        ...(this.ca !== undefined && { ca: this.ca }),
      });
      sent.once('socket', (socket) => socket.once('secureConnect', connected));
      sent.on('error', reject);
      // A switch of protocols that nobody asked for.
      sent.once('upgrade', (response, socket) => {
        socket.destroy();
        resolve(resultOf(response.statusCode ?? 0, undefined));
      });
      sent.once('response', (response) => {
        // It came in time; what follows has a time of its own.
        answered();
        const result = resultOf(response.statusCode ?? 0, response.headers['retry-after']);
        void this.readOver(response).then(() => {
          sent.destroy();
          resolve(result);
        });
      });
      sent.end(delivery.body);
    });
  }

  /** Resolves when the body is over, or there was enough of it. */
  private readOver(response: IncomingMessage): Promise<void> {
    return new Promise((resolve) => {
      let bytes = 0;
      const timer = setTimeout(resolve, this.bounds.bodyMs);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > this.bounds.bodyBytes) {
          end();
        }
      });
      // A connection that breaks now does not change the status.
      response.once('error', end);
      response.once('close', end);
    });
  }
}

function headersOf({ target, id, body, secret }: Delivery): Readonly<Record<string, string | number>> {
  const now = new Date();
  return {
    host: target.port === 443 ? target.host : `${target.host}:${target.port}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'pycell-callbacks',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret.reveal()).sign(id, now, body),
  };
}

function answerWith(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses;
    if (all || !first) {
      callback(null, [...addresses]);
    } else {
      callback(null, first.address, first.family);
    }
  };
}

const CERTIFICATE = /CERT|ISSUER|VERIFY|SELF_SIGNED|ALTNAME|CRL|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE/;
const TLS = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;

function reasonOf(error: unknown): FailureReason {
  if (error instanceof AddressRefused) {
    return 'private_address';
  }
  if (error instanceof NameUnknown) {
    return 'name';
  }
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('HPE_')) {
    return 'answer';
  }
  if (CERTIFICATE.test(code)) {
    return 'certificate';
  }
  return TLS.test(code) ? 'tls' : 'connection';
}
