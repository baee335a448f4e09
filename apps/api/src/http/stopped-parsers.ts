import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What Node's server keeps on a connection. Undocumented: the tests of who uses this fail where a version has it no more. */
export interface ServedSocket extends Socket {
  /** The response that is under way on it. */
  readonly _httpMessage?: ServerResponse | null;
  readonly parser?: { onIncoming: (request: IncomingMessage, keepAlive: boolean) => number } | null;
}

/** What makes the parser fail at once: neither "read on" (0), nor "without a body" (1), nor "upgraded" (2). */
const STOP_PARSING = -1;

/** What a server is told by `clientError` then. */
export const STOPPED_CODE = 'HPE_CB_HEADERS_COMPLETE';

/**
 * Stops the parser at requests that are refused, so that nobody looks at them and what follows in the packet is not even
 * read. Where the socket is not destroyed, the request ends in `clientError`, with `STOPPED_CODE`. Before the server listens;
 * what is asked for last is asked first.
 */
export function stopParsers(
  server: Server,
  isRefused: (request: IncomingMessage, socket: ServedSocket) => boolean,
): void {
  server.on('connection', (socket: ServedSocket) => {
    const { parser } = socket;
    if (!parser) {
      socket.destroy();
      return;
    }
    const dispatch = parser.onIncoming;
    parser.onIncoming = (request, keepAlive) =>
      isRefused(request, socket) ? STOP_PARSING : dispatch(request, keepAlive);
  });
}
