import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { OpenResponses } from '../shutdown/open-responses';
import { AnswerRoom, type Holding, UNCOUNTED_BYTES } from './answer-room';
import { Outbox } from './outbox';
import { sendPieces } from './send-execution';
import { slicesOf } from './text-slices';

/** Of bytes so much is sent at a time. */
const SLICE_BYTES = 64 * 1024;

/** A part of a body: a text, or bytes of UTF-8. */
export type Part = string | Buffer;

/**
 * Sends bodies of JSON that may be large and cost no run: made while their clients read, so that nobody waits for that, a
 * slow reader is told from one that does not read, and nothing is copied for one that does not.
 */
@Injectable()
export class LargeAnswers {
  private readonly room = new AnswerRoom();

  constructor(private readonly responses: OpenResponses) {}

  /** Counts what one answer holds. @param caller `Caller.id` of who asks */
  holdingFor(caller: string, response: Response): Holding {
    return this.room.holdingFor(caller, response);
  }

  /**
   * Sends a body, whose status is set.
   * @throws as `Holding.resize`: nothing has been sent then
   */
  send(response: Response, parts: readonly Part[], holding: Holding): void {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    // Who has no room is refused before the bytes of its texts are counted, which takes a moment for each megabyte.
    holding.resize(length);
    const bytes = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    holding.resize(bytes);
    if (bytes <= UNCOUNTED_BYTES) {
      sendPieces(response, parts.map(bytesOf));
      return;
    }
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', bytes);
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    const outbox = new Outbox(response, '', () => undefined);
    this.responses.follow(response, outbox, true);
    outbox.add({ pieces: piecesOf(parts), bytes });
    outbox.end();
  }
}

function bytesOf(part: Part): Buffer {
  return typeof part === 'string' ? Buffer.from(part) : part;
}

function* piecesOf(parts: readonly Part[]): Iterable<Part> {
  for (const part of parts) {
    if (typeof part === 'string') {
      yield* slicesOf(part);
      continue;
    }
    for (let from = 0; from < part.length; from += SLICE_BYTES) {
      yield part.subarray(from, from + SLICE_BYTES);
    }
  }
}
