import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Secret } from '../configuration/secret';
import { CallbackSender, SENDER_BOUNDS, type SenderBounds } from './callback-sender';
import { CertificateAuthority } from './certificates.contract';
import type { Delivery } from './delivery';
import { NameServer } from './name-server.contract';
import { isPublicAddress } from './public-address';
import { Receiver } from './receiver.contract';

export const HOST = 'hooks.example.org';
export const ID = '0123456789abcdef0123456789abcdef';
export const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
/** Shorter ones, so that a test need not wait for ten seconds. */
export const BOUNDS: SenderBounds = { ...SENDER_BOUNDS, totalMs: 1_500, connectMs: 1_000, bodyMs: 300 };

/** A sender, a receiver, and the name server between them; anew for each test of the file that calls for it. */
export class Scene {
  readonly authority = new CertificateAuthority();
  readonly certificate = this.authority.issue([HOST, 'rebound.example.org']);
  /** The addresses of names. */
  names: Record<string, readonly string[] | 'silence'> = {};
  nameServer!: NameServer;
  receiver!: Receiver;
  /** At another address of loopback and the same port: nothing may ever come here. */
  inside!: Receiver;
  sender!: CallbackSender;

  static forEachTest(): Scene {
    const scene = new Scene();
    beforeAll(async () => {
      scene.nameServer = await NameServer.start((name) => scene.names[name] ?? []);
    });
    afterAll(() => {
      scene.nameServer.stop();
      scene.authority.remove();
    });
    beforeEach(() => scene.begin());
    afterEach(() => scene.end());
    return scene;
  }

  /** @param ca whether certificates of the test's own authority are trusted */
  senderWith(ca: 'trusted' | 'unknown' = 'trusted'): CallbackSender {
    return new CallbackSender({
      bounds: BOUNDS,
      resolution: {
        // One address of loopback, besides.
        isAllowed: (address) => isPublicAddress(address) || address === '127.0.0.1',
        servers: [this.nameServer.server],
      },
      ...(ca === 'trusted' && { ca: this.authority.cert }),
    });
  }

  delivery(host = HOST, path = '/hook?token=abc'): Delivery {
    const body = JSON.stringify({ type: 'execution.ended', text: 'grüße' });
    return { target: { host, port: this.receiver.port, path }, id: ID, body, secret: new Secret(SECRET) };
  }

  private async begin(): Promise<void> {
    this.names = { [HOST]: ['127.0.0.1'] };
    this.nameServer.asked.length = 0;
    this.receiver = await Receiver.start(this.certificate);
    this.inside = await Receiver.start(this.certificate, '127.0.0.2', this.receiver.port);
    this.sender = this.senderWith();
  }

  private async end(): Promise<void> {
    const { connections } = this.inside;
    await Promise.all([this.receiver.stop(), this.inside.stop()]);
    expect(connections).toBe(0);
  }
}

/** A result as it is of an attempt that failed. */
export function failed(
  reason: string,
  status: number | null = null,
  retryAfterMs: number | null = null,
): object {
  return { kind: 'failed', reason, status, retryAfterMs };
}

/** An id as executions have them. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}

/** Has what is logged go into a list, until mocks are restored. */
export function hearLogger(lines: unknown[]): void {
  for (const level of ['log', 'warn', 'error'] as const) {
    jest.spyOn(Logger.prototype, level).mockImplementation((...[line]: unknown[]) => void lines.push(line));
  }
}

/** @throws Error where it does not come about in time */
export async function until(what: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await what())) {
    if (performance.now() > deadline) {
      throw new Error(`not within ${ms} ms`);
    }
    await delay(20);
  }
}
