import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { API_PATHS } from '@pycell/contracts';
import { OtherServer } from './other-servers';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The shared API, but what `POST /execute` answers is up to the test.
 * @param answer by default what the API answers to one that knows no streams
 */
export function startApiThatStreams(apiUrl: string, answer?: Answer): Promise<OtherServer> {
  return OtherServer.start((request, response) => {
    const isRun = request.method === 'POST' && request.url === API_PATHS.execute;
    if (isRun && answer) answer(request, response);
    else forward(request, response, { apiUrl, accept: isRun ? 'application/json' : undefined });
  });
}

/** One line of NDJSON. */
export function eventLine(event: object): string {
  return `${JSON.stringify(event)}\n`;
}

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { apiUrl, accept }: { readonly apiUrl: string; readonly accept: string | undefined },
): void {
  const address = new URL(request.url ?? '/', apiUrl);
  const headers = { ...request.headers, host: address.host, ...(accept !== undefined && { accept }) };
  const outgoing = send(address, { method: request.method, headers }, (incoming) => {
    response.writeHead(incoming.statusCode ?? 502, incoming.headers);
    incoming.pipe(response);
  });
  outgoing.once('error', () => response.destroy());
  response.once('close', () => outgoing.destroy());
  request.pipe(outgoing);
}
