import type { Server } from 'node:http';
import type { OpenResponses } from './open-responses';

/**
 * Has each connection end with its next answer, which says so (`Connection: close`): whoever keeps connections for more
 * requests, such as a balancer, then opens none of them into a server that is about to close. Requests cost nothing before.
 */
export function endConnectionsByAnswers(server: Server, responses: OpenResponses): void {
  // Before the application's own listener, which may answer at once.
  server.prependListener('request', (_, response) => {
    response.shouldKeepAlive = false;
  });
  responses.endConnections();
}
