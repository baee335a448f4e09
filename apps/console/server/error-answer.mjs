/** Errors of this server have the shape of the API's, so that the page reads them alike. */
import { randomUUID } from 'node:crypto';

export function answerError(response, status, { code, error }) {
  const requestId = randomUUID();
  const body = JSON.stringify({ error, code, requestId });
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
  });
  response.end(body);
}
