/** Hands a request on to the API and its answer back, byte for byte as they come. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { answerError } from './error-answer.mjs';

/** They belong to one connection, not to the message. */
const HOP_BY_HOP = new Set([
  'connection',
  // This server has answered it already.
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function endToEnd(headers) {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !named.includes(name)),
  );
}

function headersFor(request, upstream) {
  const headers = endToEnd(request.headers);
  if (request.headers['transfer-encoding']) {
    headers['transfer-encoding'] = 'chunked';
  }
  const passed = [headers['x-forwarded-for'], request.socket.remoteAddress];
  return {
    ...headers,
    host: upstream.host,
    'x-forwarded-for': passed.filter(Boolean).join(', '),
    'x-forwarded-host': request.headers.host ?? '',
  };
}

/**
 * @param upstream the API
 * @param path what the request asks of it, perhaps empty or only a query
 */
export function forward(request, response, { upstream, path }) {
  const send = upstream.protocol === 'https:' ? httpsRequest : httpRequest;
  const target = `${upstream.pathname.replace(/\/+$/, '')}${path.startsWith('/') ? path : `/${path}`}`;
  const outgoing = send(
    upstream,
    // A connection of its own: one that was kept could end just when a script that must not run twice is sent.
    { method: request.method, path: target, headers: headersFor(request, upstream), agent: false },
    (incoming) => {
      response.writeHead(incoming.statusCode, incoming.statusMessage, endToEnd(incoming.headers));
      // Headers of a stream must not wait for its first bytes.
      response.flushHeaders();
      incoming.pipe(response);
      incoming.once('error', () => response.destroy());
    },
  );
  outgoing.once('error', (error) => {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    process.stderr.write(`The API at ${upstream.origin} does not answer: ${error.message}\n`);
    answerError(response, 502, {
      code: 'SANDBOX_UNAVAILABLE',
      error: `The API behind the console does not answer (${error.code ?? error.message}). Is it running?`,
    });
  });
  // The person has gone or cancelled: the API kills the run when its connection goes.
  response.once('close', () => outgoing.destroy());
  request.once('error', () => outgoing.destroy());
  request.pipe(outgoing);
}
