import type { Server } from 'node:http';
import { stopParsers } from './stopped-parsers';

/** Many times what any client sends; thousands of them cost 50 ms a request. */
export const MAX_HEADERS = 200;

/**
 * Refuses requests of more header lines. Node would serve them without the lines beyond a maximum: a second key, or what a
 * proxy adds at the end, would be gone, and whoever reads all of them would see another request than we do.
 */
export function refuseManyHeaders(server: Server): void {
  // Node leaves out nothing of a request that has no more than that, so what is served is whole.
  server.maxHeadersCount = MAX_HEADERS + 1;
  stopParsers(server, ({ rawHeaders }) => rawHeaders.length / 2 > MAX_HEADERS);
}
