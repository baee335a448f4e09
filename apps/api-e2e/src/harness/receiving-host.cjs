/**
 * The hosts that callbacks are sent to, in a network of their own: a name server, a receiver by TLS at all its addresses, and a way to
 * the Redis outside. Tells of each connection and each request by a line of JSON.
 *
 * Argument: JSON of { names, key, cert, redis }: the addresses of names, what the receiver shows, and the socket of Redis.
 */
const { createServer } = require('node:https');
const { createConnection, createServer: createRelay } = require('node:net');
const { NameServer } = require('../../../../tools/services/name-server.cjs');

const DNS_PORT = 53;
const HTTPS_PORT = 443;
const REDIS_PORT = 6379;

/** @type {{ names: Record<string, string[]>, key: string, cert: string, redis: string }} */
const { names, key, cert, redis } = JSON.parse(process.argv[2] ?? '{}');

/** @param {object} line */
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

let toRefuse = 0;
const receiver = createServer({ key, cert }, (request, response) => {
  const { method, url, headers, socket } = request;
  let body = '';
  request.setEncoding('utf8').on('data', (piece) => (body += piece));
  request.on('end', () => {
    // The first attempt of what is to be sent again.
    const status = url?.startsWith('/later') && toRefuse++ === 0 ? 503 : 204;
    response.writeHead(status).end();
    tell({ request: { address: socket.localAddress, method, path: url, headers, body, status } });
  });
});
receiver.on('connection', (socket) => tell({ connection: socket.localAddress }));
receiver.on('tlsClientError', () => undefined);

const relay = createRelay((outside) => {
  const inside = createConnection(redis);
  for (const [from, to] of /** @type {const} */ ([
    [outside, inside],
    [inside, outside],
  ])) {
    from.pipe(to);
    from.on('error', () => undefined).once('close', () => to.destroy());
  }
});

// Whoever started this has ended.
process.stdin.resume().once('end', () => process.exit());

receiver.listen(HTTPS_PORT, '0.0.0.0', () =>
  relay.listen(REDIS_PORT, '127.0.0.1', async () => {
    await NameServer.start((name) => names[name] ?? [], DNS_PORT);
    tell({ ready: true });
  }),
);
