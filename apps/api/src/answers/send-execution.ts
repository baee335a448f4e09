import type { CompletedExecution } from '@pycell/sandbox';
import type { Response } from 'express';
import { traceOf } from '../http/request-trace';
import { executionBody } from './execution-body';
import { SERVER_TIMING_HEADER, serverTiming } from './server-timing';

/** Up to here a body is copied into one piece with the headers: that costs less than pieces do. */
const SMALL_BYTES = 16 * 1024;

/** Answers with 200. */
export async function sendExecution(response: Response, completed: CompletedExecution): Promise<void> {
  traceOf(response.req)?.ended('OK', completed.execution);
  const body = executionBody(completed);
  // An answer without artifacts is there at once: a promise would cost it a turn.
  const pieces = body instanceof Promise ? await body : body;
  response.status(200);
  response.setHeader(SERVER_TIMING_HEADER, serverTiming(completed.execution));
  sendPieces(response, pieces);
}

/** Sends a body of JSON. The pieces of a large one go to the socket as they are: megabytes are not copied. */
export function sendPieces(response: Response, pieces: readonly Buffer[]): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  response.setHeader('Content-Length', length);
  if (length <= SMALL_BYTES) {
    // Node puts a text behind the headers, where it would write bytes apart. Latin-1 is each byte as it is.
    response.end(Buffer.concat(pieces, length).toString('latin1'), 'latin1');
    return;
  }
  // One system call for all pieces.
  response.cork();
  for (const piece of pieces) {
    response.write(piece);
  }
  response.end();
  response.uncork();
}
