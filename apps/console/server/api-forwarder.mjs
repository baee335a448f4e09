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

/**
 * Without its length a body would be taken for another request by who reads it next; who names it in `Connection`, which
 * is for headers of one's own, wants just that.
 */
const FRAMING = 'content-length';

function endToEnd(headers) {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  named.delete(FRAMING);
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !named.has(name)),
  );
}

/** Node keeps the first of several, or joins them. The API refuses a request with two, so it must see them. */
const CREDENTIALS = ['authorization', 'x-api-key'];

/**
 * The addresses that a request came through. What is in front of the last one its sender may have made up: whoever
 * trusts this server takes the last alone.
 */
function passedAddresses(request) {
  // What IPv6 sockets say of an IPv4 address.
  const sender = request.socket.remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '');
  const told = request.headers['x-forwarded-for'];
  return told ? `${told}, ${sender}` : sender;
}

function headersFor(request, { upstream, sharesHost }) {
  const headers = endToEnd(request.headers);
  for (const name of CREDENTIALS) {
    const values = request.headersDistinct[name];
    if (name in headers && values.length > 1) {
      headers[name] = values;
    }
  }
  if (request.headers['transfer-encoding']) {
    headers['transfer-encoding'] = 'chunked';
  }
  return {
    ...headers,
    host: (sharesHost && request.headers.host) || upstream.host,
    'x-forwarded-for': passedAddresses(request),
    'x-forwarded-host': request.headers.host ?? '',
  };
}

/**
 * @param upstream the API
 * @param sharesHost whether it is addressed by the name that this server was addressed by, or by its own
 * @param path what the request asks of it, perhaps empty or only a query
 */
export function forward(request, response, { upstream, sharesHost, path }) {
  if (request.socket.remoteAddress === undefined) {
    // Gone already. Without its own address the last one would be one that it has made up.
    response.destroy();
    return;
  }
  const send = upstream.protocol === 'https:' ? httpsRequest : httpRequest;
  const target = `${upstream.pathname.replace(/\/+$/, '')}${path.startsWith('/') ? path : `/${path}`}`;
  const outgoing = send(
    upstream,
    {
      method: request.method,
      path: target,
      headers: headersFor(request, { upstream, sharesHost }),
      // A connection of its own: one that was kept could end just when a script that must not run twice is sent.
      agent: false,
    },
    (incoming) => {
      try {
        response.writeHead(incoming.statusCode, incoming.statusMessage, endToEnd(incoming.headers));
      } catch (error) {
        // A RangeError or TypeError: a status, or words beside it, that HTTP does not have. Node reads more than it writes.
        response.statusMessage = '';
        giveUp(error);
        outgoing.destroy();
        return;
      }
      // Headers of a stream must not wait for its first bytes.
      response.flushHeaders();
      incoming.pipe(response);
      incoming.once('error', () => response.destroy());
    },
  );
  function giveUp(error) {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    process.stderr.write(`The API at ${upstream.origin} does not answer: ${error.message}\n`);
    answerError(response, 502, {
      code: 'SANDBOX_UNAVAILABLE',
      error: `The API behind the console does not answer (${error.code ?? error.message}). Is it running?`,
    });
  }
  outgoing.on('error', giveUp);
  // The person has gone or cancelled: the API kills the run when its connection goes.
  response.once('close', () => outgoing.destroy());
  request.once('error', () => outgoing.destroy());
  request.pipe(outgoing);
}
