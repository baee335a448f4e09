import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Has a client that asks whether it should send its body at all (`Expect: 100-continue`) wait for what the stations say of
 * its headers, where Node would tell it to go on at once. A client that is answered without being told to go on may send the
 * body all the same or not: nobody could say what the next bytes on the connection are, so it ends with the answer.
 */
export function holdBackContinue(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    response.shouldKeepAlive = false;
    server.emit('request', request, response);
  });
}

/** Tells a client that waits for it to go on with its body, which is about to be read. */
export function sayContinue({ headers }: IncomingMessage, response: ServerResponse): void {
  // Node asks the same of the header before it holds anything back.
  if (headers.expect !== undefined && /^\s*100-continue\s*$/i.test(headers.expect)) {
    response.shouldKeepAlive = !/\bclose\b/i.test(headers.connection ?? '');
    response.writeContinue();
  }
}
