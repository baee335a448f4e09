import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What Node's server keeps on a connection. Undocumented: the tests beside this fail where a version has it no more. */
interface ServedSocket extends Socket {
  /** The response that is under way on it. */
  readonly _httpMessage?: ServerResponse | null;
  readonly parser?: { onIncoming: (request: IncomingMessage, keepAlive: boolean) => number } | null;
}

/** What makes the parser fail at once: neither "read on" (0), nor "without a body" (1), nor "upgraded" (2). */
const STOP_PARSING = -1;

/**
 * Ends connections on which a request comes before the one before it is answered. No HTTP client of today pipelines;
 * an attacker holds the event loop with thousands of requests in one packet, and leaves responses behind that wait for
 * a connection that is gone. At the parser, so that what follows in the packet is not even read.
 */
export function allowOneRequestAtATime(server: Server): void {
  server.on('connection', (socket: ServedSocket) => {
    const { parser } = socket;
    if (!parser) {
      socket.destroy();
      return;
    }
    const dispatch = parser.onIncoming;
    parser.onIncoming = (request, keepAlive) => {
      if (socket._httpMessage || socket.destroyed) {
        socket.destroy();
        return STOP_PARSING;
      }
      return dispatch(request, keepAlive);
    };
  });
}
