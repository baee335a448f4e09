import type { Server } from 'node:http';
import { stopParsers } from './stopped-parsers';

/**
 * Ends connections on which a request comes before the one before it is answered. No HTTP client of today pipelines;
 * an attacker holds the event loop with thousands of requests in one packet, and leaves responses behind that wait for
 * a connection that is gone. At the parser, so that what follows in the packet is not even read.
 */
export function allowOneRequestAtATime(server: Server): void {
  stopParsers(server, (_request, socket) => {
    const isOneTooMany = Boolean(socket._httpMessage) || socket.destroyed;
    if (isOneTooMany) {
      socket.destroy();
    }
    return isOneTooMany;
  });
}
