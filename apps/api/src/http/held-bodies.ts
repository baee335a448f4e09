import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { type ErrorAnswer, ErrorAnswers } from './error-answers';
import { FailedRequests } from './failed-requests';
import { hasBody } from './has-body';

/** What a piece of a body costs besides its bytes: the buffer's own object and its place in a list, measured. */
const PIECE_BYTES = 512;
/** Of pieces so small, no more than so many: who has a body sends it in larger ones. */
const SMALL_PIECE_BYTES = 64;
const MAX_SMALL_PIECES = 1_000;
const RETRY_AFTER_SECONDS = 1;

/** How many times its size a compressed body may become. Of what is not named here, only the limit is known. */
const EXPANSIONS: Readonly<Record<string, number>> = { gzip: 1032, deflate: 1032, identity: 1 };

interface HeldBody {
  readonly response: Response;
  /** Whose it is. */
  readonly caller: string;
  readonly expansion: number;
  /** Whether it is on its way. One that has arrived stays until its request has been answered. */
  isPending: boolean;
  received: number;
  pieces: number;
  smallPieces: number;
  /** What it is counted with. */
  bytes: number;
  /** What is kept of it, once it has arrived. */
  kept: Buffer | null;
}

/**
 * Bounds what bodies hold together, from their first piece until their requests are answered: those on their way, those
 * that wait for a place, and those whose scripts run. Beyond the bound one that is on its way is refused: the oldest of
 * the caller that holds most. What is sent without a pause is always newer than what is held back. The last room, that
 * of one body, is for a caller that holds nothing else, however much another has sent.
 */
@Injectable()
export class HeldBodies {
  /** In the order of arrival. */
  private readonly held = new Map<Request, HeldBody>();
  private readonly gone = new WeakSet<Buffer>();
  private bytes = 0;

  constructor(
    private readonly answers: ErrorAnswers,
    private readonly failed: FailedRequests,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Returns an Express middleware; before whatever reads the body. @param callerOf tells whose a request is */
  trackBy(callerOf: (request: Request) => string) {
    return (request: Request, response: Response, next: NextFunction): void => {
      if (hasBody(request)) {
        this.track(request, response, callerOf(request));
      }
      next();
    };
  }

  private track(request: Request, response: Response, caller: string): void {
    const { headers } = request;
    const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
    this.held.set(request, {
      response,
      caller,
      expansion: EXPANSIONS[encoding] ?? Infinity,
      isPending: true,
      received: 0,
      pieces: 0,
      smallPieces: 0,
      bytes: 0,
      kept: null,
    });
    const release = (): void => this.release(request);
    // What still comes of a body that is answered already, one that is too large for instance, is thrown away.
    response.once('finish', release).once('close', release);
    // Also that of a request which is complete; one that is not will have no answer.
    request.once('close', () => {
      if (!request.complete) {
        release();
      }
    });
    request.on('data', (piece: Buffer) => {
      const body = this.held.get(request);
      if (body?.isPending) {
        this.add(request, body, piece.length);
      }
    });
  }

  /** Whether nobody waits any more for the answer to a request with this body. */
  isGone(bytes: Buffer): boolean {
    return this.gone.has(bytes);
  }

  /** Says that a body has arrived, and what is kept of it. */
  keep(request: Request, bytes: Buffer): void {
    const body = this.held.get(request);
    if (!body) {
      this.gone.add(bytes);
      return;
    }
    body.isPending = false;
    body.kept = bytes;
    this.count(body, bytes.length);
    body.response.once('close', () => {
      if (body.kept) {
        this.gone.add(body.kept);
      }
    });
    if (!body.response.socket) {
      // A response that waits behind another one is not told that the connection is gone.
      const { socket } = request;
      const release = (): void => this.release(request);
      socket.once('close', release);
      body.response.once('close', () => socket.off('close', release));
    }
    this.refuseBeyondBound();
  }

  /** Lets go of a body of which nothing is needed any more, though its request is still being answered. */
  drop(request: Request): void {
    const body = this.held.get(request);
    if (body) {
      body.kept = null;
      this.release(request);
    }
    request.body = undefined;
  }

  /**
   * Returns a copy of a body that has arrived, for who needs it as it came after it was read: that changes it. The copy counts
   * until the request is answered, or the body dropped.
   */
  copyOf(request: Request, bytes: Buffer): Buffer {
    // One of its own: a piece of a pool would keep all of that.
    const copy = Buffer.allocUnsafeSlow(bytes.length);
    bytes.copy(copy);
    this.holdMore(request, copy.length);
    return copy;
  }

  /** Says that so many bytes more are held of a body that has arrived: what was made of it, until its request is answered. */
  holdMore(request: Request, bytes: number): void {
    const body = this.held.get(request);
    if (body && bytes > 0) {
      this.count(body, body.bytes + bytes);
      this.refuseBeyondBound();
    }
  }

  private add(request: Request, body: HeldBody, length: number): void {
    body.received += length;
    body.pieces++;
    body.smallPieces += length < SMALL_PIECE_BYTES ? 1 : 0;
    const content =
      body.expansion === 1
        ? body.received
        : Math.min(this.configuration.http.bodyLimitBytes, body.received * body.expansion);
    this.count(body, content + body.pieces * PIECE_BYTES);
    if (body.smallPieces > MAX_SMALL_PIECES) {
      this.refuse(request, {
        code: 'INVALID_REQUEST',
        message: `Request body comes in more than ${MAX_SMALL_PIECES} pieces of less than ${SMALL_PIECE_BYTES} bytes: send it in larger ones`,
      });
    }
    this.refuseBeyondBound();
  }

  private count(body: HeldBody, bytes: number): void {
    this.bytes += bytes - body.bytes;
    body.bytes = bytes;
  }

  private refuseBeyondBound(): void {
    while (this.refuseOne()) {
      // One after the other.
    }
  }

  /** Refuses a body where they hold too much; returns whether it did, upon which they may still. */
  private refuseOne(): boolean {
    const { maxHeldBodyBytes, bodyLimitBytes } = this.configuration.http;
    if (this.bytes <= maxHeldBodyBytes - bodyLimitBytes) {
      return false;
    }
    return this.refuseOldestOfLargest(this.bytes > maxHeldBodyBytes ? 1 : 2);
  }

  /**
   * Refuses the oldest pending request of the caller whose bodies hold most together.
   * @param leastBodies so many bodies a caller has of whom one may be refused
   * @returns whether there is one
   */
  private refuseOldestOfLargest(leastBodies: number): boolean {
    const held = new Map<string, { bytes: number; bodies: number }>();
    for (const { caller, bytes } of this.held.values()) {
      const known = held.get(caller) ?? { bytes: 0, bodies: 0 };
      held.set(caller, { bytes: known.bytes + bytes, bodies: known.bodies + (bytes > 0 ? 1 : 0) });
    }
    let chosen: Request | null = null;
    let most = 0;
    for (const [request, { caller, bytes, isPending }] of this.held) {
      const together = held.get(caller) ?? { bytes: 0, bodies: 0 };
      if (isPending && bytes > 0 && together.bodies >= leastBodies && together.bytes > most) {
        chosen = request;
        most = together.bytes;
      }
    }
    if (chosen) {
      this.refuse(chosen, {
        code: 'SANDBOX_BUSY',
        message:
          'The request bodies that are held at once are too large together, and this one has not arrived yet. Retry later.',
        headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
      });
    }
    return chosen !== null;
  }

  private release(request: Request): void {
    this.bytes -= this.held.get(request)?.bytes ?? 0;
    this.held.delete(request);
  }

  private refuse(request: Request, answer: ErrorAnswer): void {
    const response = this.held.get(request)?.response;
    this.release(request);
    // One that waits behind another response has no connection yet and would never finish.
    if (!response?.socket || response.writableEnded) {
      request.destroy();
      return;
    }
    this.failed.tell(request, answer.code);
    response.once('finish', () => request.destroy());
    this.answers.send(request, response, { ...answer, headers: { ...answer.headers, Connection: 'close' } });
  }
}
