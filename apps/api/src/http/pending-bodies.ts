import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { ErrorAnswers } from './error-answers';

/** What a piece of a body costs besides its bytes: bodies that come byte by byte hold many times their size. */
const PIECE_BYTES = 64;
const RETRY_AFTER_SECONDS = 1;

interface PendingBody {
  readonly response: Response;
  bytes: number;
}

/**
 * Bounds what bodies hold that have not arrived whole: nobody has been admitted for them. Beyond the bound the oldest is
 * refused: what is sent without a pause is always newer than what is held back.
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
    const { headers } = request;
    if (headers['transfer-encoding'] === undefined && !Number(headers['content-length'])) {
      next();
      return;
    }
    const body = { response, bytes: 0 };
    this.pending.set(request, body);
    const release = (): void => this.release(request);
    request.once('end', release).once('close', release);
    request.on('data', (piece: Buffer) => this.add(body, piece.length + PIECE_BYTES));
    if (headers['content-encoding'] !== undefined) {
      // How large the pieces become is known by the parser only.
      this.add(body, this.configuration.http.bodyLimitBytes);
    }
    next();
  };

  private add(body: PendingBody, bytes: number): void {
    body.bytes += bytes;
    this.bytes += bytes;
    for (const request of this.pending.keys()) {
      if (this.bytes <= this.configuration.http.maxPendingBodyBytes) {
        return;
      }
      this.refuse(request);
    }
  }

  private release(request: Request): void {
    this.bytes -= this.pending.get(request)?.bytes ?? 0;
    this.pending.delete(request);
  }

  private refuse(request: Request): void {
    const response = this.pending.get(request)?.response;
    this.release(request);
    if (!response || response.writableEnded) {
      request.destroy();
      return;
    }
    response.once('finish', () => request.destroy());
    this.answers.send(request, response, {
      code: 'SANDBOX_BUSY',
      message: 'Too many request bodies are on their way at once, and this one is the slowest. Retry later.',
      headers: { 'Retry-After': String(RETRY_AFTER_SECONDS), Connection: 'close' },
    });
  }
}
