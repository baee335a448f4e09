import type { CompletedExecution } from '@pycell/sandbox';
import type { Response } from 'express';
import { executionBody } from './execution-body';
import { SERVER_TIMING_HEADER, serverTiming } from './server-timing';

/** Answers with 200. The pieces of the body go to the socket as they are: a result of megabytes is not copied. */
export function sendExecution(response: Response, completed: CompletedExecution): void {
  const pieces = executionBody(completed);
  response.status(200);
  response.setHeader(SERVER_TIMING_HEADER, serverTiming(completed.execution));
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader(
    'Content-Length',
    pieces.reduce((sum, piece) => sum + piece.length, 0),
  );
  // One system call for all pieces.
  response.cork();
  for (const piece of pieces) {
    response.write(piece);
  }
  response.end();
  response.uncork();
}
