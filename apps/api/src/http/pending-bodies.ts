import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { type ErrorAnswer, ErrorAnswers } from './error-answers';
import { hasBody } from './has-body';

/** What a piece of a body costs besides its bytes: the buffer's own object and its place in a list, measured. */
const PIECE_BYTES = 512;
/** Of pieces so small, no more than so many: who has a body sends it in larger ones. */
const SMALL_PIECE_BYTES = 64;
const MAX_SMALL_PIECES = 1_000;
const RETRY_AFTER_SECONDS = 1;

/** How many times its size a compressed body may become. Of what is not named here, only the limit is known. */
const EXPANSIONS: Readonly<Record<string, number>> = { gzip: 1032, deflate: 1032, identity: 1 };

interface PendingBody {
  readonly response: Response;
  readonly address: string | undefined;
  readonly expansion: number;
  received: number;
  pieces: number;
  smallPieces: number;
  /** What it is counted with. */
  bytes: number;
}

/**
 * Bounds what bodies hold that have not arrived whole: nobody has been admitted for them. Beyond the bound the oldest of
 * the address that holds most is refused: what is sent without a pause is always newer than what is held back.
 */
@Injectable()
export class PendingBodies {
  /** In the order of arrival. */
  private readonly pending = new Map<Request, PendingBody>();
  private bytes = 0;

  constructor(
    private readonly answers: ErrorAnswers,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Express middleware; before whatever reads the body. */
  readonly track = (request: Request, response: Response, next: NextFunction): void => {
    const { headers, socket } = request;
    if (!hasBody(request)) {
      next();
      return;
    }
    const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
    this.pending.set(request, {
      response,
      address: socket.remoteAddress,
      expansion: EXPANSIONS[encoding] ?? Infinity,
      received: 0,
      pieces: 0,
      smallPieces: 0,
      bytes: 0,
    });
    const release = (): void => this.release(request);
    request.once('end', release).once('close', release);
    // What still comes of a body that is answered already, one that is too large for instance, is thrown away.
    response.once('finish', release);
    request.on('data', (piece: Buffer) => {
      const body = this.pending.get(request);
      if (body) {
        this.add(request, body, piece.length);
      }
    });
    next();
  };

  private add(request: Request, body: PendingBody, length: number): void {
    body.received += length;
    body.pieces++;
    body.smallPieces += length < SMALL_PIECE_BYTES ? 1 : 0;
    const { bodyLimitBytes, maxPendingBodyBytes } = this.configuration.http;
    const content =
      body.expansion === 1 ? body.received : Math.min(bodyLimitBytes, body.received * body.expansion);
    const bytes = content + body.pieces * PIECE_BYTES;
    this.bytes += bytes - body.bytes;
    body.bytes = bytes;
    if (body.smallPieces > MAX_SMALL_PIECES) {
      this.refuse(request, {
        code: 'INVALID_REQUEST',
        message: `Request body comes in more than ${MAX_SMALL_PIECES} pieces of less than ${SMALL_PIECE_BYTES} bytes: send it in larger ones`,
      });
    }
    while (this.bytes > maxPendingBodyBytes) {
      this.refuseOldestOfLargest();
    }
  }

  /** Refuses the oldest request of the address whose bodies hold most together. */
  private refuseOldestOfLargest(): void {
    const held = new Map<string | undefined, number>();
    for (const { address, bytes } of this.pending.values()) {
      held.set(address, (held.get(address) ?? 0) + bytes);
    }
    const most = Math.max(...held.values());
    for (const [request, { address, bytes }] of this.pending) {
      if (bytes > 0 && held.get(address) === most) {
        this.refuse(request, {
          code: 'SANDBOX_BUSY',
          message:
            'Too many request bodies are on their way at once, and this one is the slowest. Retry later.',
          headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
        });
        return;
      }
    }
  }

  private release(request: Request): void {
    this.bytes -= this.pending.get(request)?.bytes ?? 0;
    this.pending.delete(request);
  }

  private refuse(request: Request, answer: ErrorAnswer): void {
    const response = this.pending.get(request)?.response;
    this.release(request);
    // One that waits behind another response has no connection yet and would never finish.
    if (!response?.socket || response.writableEnded) {
      request.destroy();
      return;
    }
    response.once('finish', () => request.destroy());
    this.answers.send(request, response, { ...answer, headers: { ...answer.headers, Connection: 'close' } });
  }
}
