import { randomUUID } from 'node:crypto';
import { type IncomingMessage, maxHeaderSize, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { REQUEST_ID_HEADER, type ErrorResponse } from '@pycell/contracts';
import { STOPPED_CODE } from './stopped-parsers';
import { MAX_HEADERS } from './whole-headers';

/** Status lines by the codes of Node's HTTP parser; whatever else it refuses is a bad request. */
const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  [STOPPED_CODE]: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What is told besides. */
const MESSAGES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: `The URL and the headers of the request have more than ${maxHeaderSize} bytes together: send less in them`,
  [STOPPED_CODE]: `The request has more than ${MAX_HEADERS} header lines, which nobody needs: send fewer`,
  ERR_HTTP_REQUEST_TIMEOUT:
    'The request did not arrive in time: send its headers and its body without long pauses',
};

/** How long a client may take to end its side of the connection, too: Node counts such a connection as open. */
const END_TIMEOUT_MS = 1_000;

/** Answers what Node's HTTP parser refuses, before Express sees it, in the shape that all errors have. */
export function answerClientErrors(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const requestId = randomUUID();
    const body: ErrorResponse = {
      error: MESSAGES[error.code ?? ''] ?? 'The request is not valid HTTP/1.1',
      code: 'INVALID_REQUEST',
      requestId,
    };
    const text = JSON.stringify(body);
    socket.end(
      [
        `HTTP/1.1 ${STATUS_LINES[error.code ?? ''] ?? '400 Bad Request'}`,
        `${REQUEST_ID_HEADER}: ${requestId}`,
        'Content-Type: application/json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(text)}`,
        'Connection: close',
        '',
        text,
      ].join('\r\n'),
    );
    const timer = setTimeout(() => socket.destroy(), END_TIMEOUT_MS).unref();
    socket.once('close', () => clearTimeout(timer));
  });
  // Node would answer an unknown `Expect` header with 417; the request can be answered all the same.
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
}
