import type { Server } from 'node:http';
import { Logger } from '@nestjs/common';
import type { HttpOptions } from '../configuration/configuration';

/** Within so long the headers of a request must be complete, from its first byte or from the connection's start. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than balancers keep connections that they do not use, mostly 60 s: else they send requests into closed ones. */
const KEEP_ALIVE_MS = 65_000;
/** Many times what any client sends; thousands of them cost 50 ms a request. Node leaves out what is beyond it. */
const MAX_HEADERS = 200;
/** How often Node looks for requests that are overdue. */
const CHECK_INTERVAL_MS = 1_000;
/** From this share of all connections on, those that wait for a next request are closed. */
const CROWDED_SHARE = 0.9;
const WARN_INTERVAL_MS = 60_000;

/** Bounds what a server does for those who connect, before a request of theirs is complete. Before it listens. */
export function limitConnections(server: Server, { maxConnections, requestTimeoutMs }: HttpOptions): void {
  const logger = new Logger('Connections');
  // Node reads the interval when it begins to listen, but declares it as an option of createServer only.
  Object.assign(server, { connectionsCheckingInterval: CHECK_INTERVAL_MS });
  server.headersTimeout = Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs);
  server.requestTimeout = requestTimeoutMs;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = maxConnections;
  server.maxHeadersCount = MAX_HEADERS;

  let open = 0;
  server.on('connection', (socket) => {
    open++;
    socket.once('close', () => open--);
    if (open >= maxConnections * CROWDED_SHARE) {
      server.closeIdleConnections();
    }
  });

  let warnedAt = -Infinity;
  server.on('drop', () => {
    if (performance.now() - warnedAt > WARN_INTERVAL_MS) {
      warnedAt = performance.now();
      logger.warn(
        `${maxConnections} connections are open (MAX_CONNECTIONS): further ones are closed unanswered`,
      );
    }
  });
}
