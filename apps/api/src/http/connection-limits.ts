import type { Server } from 'node:http';
import { Logger } from '@nestjs/common';
import type { HttpOptions } from '../configuration/configuration';
import { OpenConnections } from './open-connections';
import { refuseManyHeaders } from './whole-headers';

/** Within so long the headers of a request must be complete, from its first byte or from the connection's start. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than balancers keep connections that they do not use, mostly 60 s: else they send requests into closed ones. */
const KEEP_ALIVE_MS = 65_000;
/** How often Node looks for requests that are overdue. */
const CHECK_INTERVAL_MS = 1_000;
const WARN_INTERVAL_MS = 60_000;

/** Bounds what a server does for those who connect, before a request of theirs is complete. Before it listens. */
export function limitConnections(server: Server, { maxConnections, requestTimeoutMs }: HttpOptions): void {
  const logger = new Logger('Connections');
  // Node reads the interval when it begins to listen, but declares it as an option of createServer only.
  Object.assign(server, { connectionsCheckingInterval: CHECK_INTERVAL_MS });
  server.headersTimeout = Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs);
  server.requestTimeout = requestTimeoutMs;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  refuseManyHeaders(server);

  const connections = new OpenConnections();
  let warnedAt = -Infinity;
  const warn = (): void => {
    if (performance.now() - warnedAt > WARN_INTERVAL_MS) {
      warnedAt = performance.now();
      logger.warn(
        `${maxConnections} connections are open (MAX_CONNECTIONS): for each new one the one that has waited longest for its request is closed`,
      );
    }
  };
  server.on('connection', (socket) => {
    connections.add(socket);
    if (connections.size > maxConnections) {
      warn();
      // Whoever was first could else keep everybody out, by connections that say nothing.
      if (!connections.endOldestWaiting(socket)) {
        connections.end(socket);
      }
    }
  });
  server.on('request', (request, response) => connections.track(request, response));
}
