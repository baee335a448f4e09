import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Secret } from '../configuration/secret';
import { CallbackSender, SENDER_BOUNDS, type SenderBounds } from './callback-sender';
import { CertificateAuthority } from './certificates.contract';
import type { Delivery, DeliveryResult } from './delivery';
import { NameServer } from './name-server.contract';
import { isPublicAddress } from './public-address';
import { type Answer, Receiver, verified } from './receiver.contract';

const HOST = 'hooks.example.org';
const ID = '0123456789abcdef0123456789abcdef';
const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
/** Shorter ones, so that a test need not wait for ten seconds. */
const BOUNDS: SenderBounds = { ...SENDER_BOUNDS, totalMs: 1_500, connectMs: 1_000, bodyMs: 300 };

const authority = new CertificateAuthority();
const certificate = authority.issue([HOST, 'rebound.example.org']);
let names: Record<string, readonly string[] | 'silence'>;
let nameServer: NameServer;
let receiver: Receiver;
/** At another address of loopback and the same port: nothing may ever come here. */
let inside: Receiver;
let sender: CallbackSender;

beforeAll(async () => {
  nameServer = await NameServer.start((name) => names[name] ?? []);
});
afterAll(() => {
  nameServer.stop();
  authority.remove();
});

beforeEach(async () => {
  names = { [HOST]: ['127.0.0.1'] };
  nameServer.asked.length = 0;
  receiver = await Receiver.start(certificate);
  inside = await Receiver.start(certificate, '127.0.0.2', receiver.port);
  sender = senderWith();
});
afterEach(async () => {
  const connections = inside.connections;
  await Promise.all([receiver.stop(), inside.stop()]);
  expect(connections).toBe(0);
});

/** One that may go to one address of loopback besides, and asks the tests' own name server. */
function senderWith(options: { ca?: string | null; bounds?: SenderBounds } = {}): CallbackSender {
  const ca = options.ca === undefined ? authority.cert : options.ca;
  return new CallbackSender({
    bounds: options.bounds ?? BOUNDS,
    resolution: {
      isAllowed: (address) => isPublicAddress(address) || address === '127.0.0.1',
      servers: [nameServer.server],
    },
    ...(ca !== null && { ca }),
  });
}

function delivery(host = HOST, path = '/hook?token=abc'): Delivery {
  const body = JSON.stringify({ type: 'execution.ended', text: 'grüße' });
  return { target: { host, port: receiver.port, path }, id: ID, body, secret: new Secret(SECRET) };
}

function failed(reason: string, status: number | null = null, retryAfterMs: number | null = null): object {
  return { kind: 'failed', reason, status, retryAfterMs };
}

async function timed(sending: Promise<DeliveryResult>): Promise<{ result: DeliveryResult; ms: number }> {
  const start = performance.now();
  const result = await sending;
  return { result, ms: performance.now() - start };
}

describe('what is sent', () => {
  it('is a POST whose signature holds', async () => {
    const sent = delivery();
    expect(await sender.send(sent)).toEqual({ kind: 'delivered', status: 204 });
    const [request] = receiver.received;
    expect(request).toMatchObject({ method: 'POST', path: '/hook?token=abc', body: sent.body });
    expect(request?.headers).toMatchObject({
      host: `${HOST}:${receiver.port}`,
      'content-type': 'application/json',
      'webhook-id': ID,
      'webhook-signature': expect.stringMatching(/^v1,/) as string,
      connection: 'close',
    });
    expect(verified(SECRET, request as never)).toEqual(JSON.parse(sent.body));
  });

  it('does not verify with the secret of another, or when it was changed', async () => {
    await sender.send(delivery());
    const [request] = receiver.received;
    const other = `whsec_${Buffer.alloc(32, 6).toString('base64')}`;
    expect(() => verified(other, request as never)).toThrow('No matching signature');
    expect(() => verified(SECRET, { ...request, body: '{}' } as never)).toThrow('No matching signature');
  });

  it('has the same id and another time on each attempt', async () => {
    await sender.send(delivery());
    await delay(1_100);
    await sender.send(delivery());
    const [first, second] = receiver.received.map(({ headers }) => headers);
    expect(second?.['webhook-id']).toBe(first?.['webhook-id']);
    expect(Number(second?.['webhook-timestamp'])).toBeGreaterThan(Number(first?.['webhook-timestamp']));
    expect(receiver.connections).toBe(2);
  });
});

describe('what a receiver answers', () => {
  it.each([200, 201, 202, 204, 299])('%i: delivered', async (status) => {
    receiver.answer = (response) => response.writeHead(status).end();
    expect(await sender.send(delivery())).toEqual({ kind: 'delivered', status });
  });

  it('410: it wants no more', async () => {
    receiver.answer = (response) => response.writeHead(410).end();
    expect(await sender.send(delivery())).toEqual({ kind: 'gone', status: 410 });
  });

  it.each([400, 401, 404, 429, 500, 503])('%i: failed', async (status) => {
    receiver.answer = (response) => response.writeHead(status).end('no');
    expect(await sender.send(delivery())).toEqual(failed('status', status));
  });

  it.each([
    [429, '7', 7_000],
    [503, '0', 0],
    [503, 'soon', null],
    [503, '-1', null],
    [500, '7', null],
  ])('%i with Retry-After %s: to be tried after that, where it counts', async (status, value, ms) => {
    receiver.answer = (response) => response.writeHead(status, { 'retry-after': value }).end();
    expect(await sender.send(delivery())).toEqual(failed('status', status, ms));
  });

  it('takes a date for Retry-After', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    receiver.answer = (response) => response.writeHead(503, { 'retry-after': date }).end();
    const result = await sender.send(delivery());
    expect(result.kind === 'failed' && result.retryAfterMs).toBeGreaterThan(58_000);
  });

  it.each([301, 302, 303, 307, 308])('%i: a redirect is not followed, to wherever', async (status) => {
    for (const location of [
      `https://127.0.0.2:${receiver.port}/`,
      `https://${HOST}:${receiver.port}/other`,
      'http://169.254.169.254/latest/meta-data/',
    ]) {
      receiver.answer = (response) => response.writeHead(status, { location }).end();
      expect(await sender.send(delivery())).toEqual(failed('redirect', status));
    }
    expect(receiver.received).toHaveLength(3);
  });
});

describe('where it connects', () => {
  it.each([
    [['127.0.0.2']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['192.168.1.1']],
    [['::1']],
    [['fd00:ec2::254']],
    [['::ffff:7f00:2']],
    [['64:ff9b::7f00:2']],
    [['127.0.0.1', '127.0.0.2']],
    [['127.0.0.2', '127.0.0.1']],
    [['127.0.0.1', '::1']],
    [['127.0.0.1', 'fe80::1']],
    [['8.8.8.8', '1.1.1.1', '9.9.9.9', '8.8.4.4', '1.0.0.1', '127.0.0.1', '10.1.2.3']],
  ])('not to a name with the addresses %p', async (addresses) => {
    names[HOST] = addresses;
    expect(await sender.send(delivery())).toEqual(failed('private_address'));
    expect(receiver.connections).toBe(0);
  });

  it('to the address that was checked, when the name has become another one meanwhile', async () => {
    let asked = 0;
    const rebinding = await NameServer.start(() => {
      asked += 1;
      return asked <= 2 ? ['127.0.0.1'] : ['127.0.0.2'];
    });
    const target = new CallbackSender({
      ca: authority.cert,
      bounds: BOUNDS,
      resolution: { isAllowed: (address) => address === '127.0.0.1', servers: [rebinding.server] },
    });
    expect(await target.send(delivery('rebound.example.org'))).toMatchObject({ kind: 'delivered' });
    // One question for each family; from then on it leads inside.
    expect(asked).toBe(2);
    expect(await target.send(delivery('rebound.example.org'))).toEqual(failed('private_address'));
    rebinding.stop();
  });

  it('asks DNS alone: what the file of hosts says does not count', async () => {
    expect(await sender.send(delivery('localhost'))).toEqual(failed('name'));
    expect(nameServer.asked.sort()).toEqual(['localhost A', 'localhost AAAA']);
  });

  it('by default to public addresses only', async () => {
    const strict = new CallbackSender({
      resolution: { isAllowed: isPublicAddress, servers: [nameServer.server] },
    });
    expect(await strict.send(delivery())).toEqual(failed('private_address'));
    expect(receiver.connections).toBe(0);
  });

  it('through no proxy of the environment', async () => {
    const before = { ...process.env };
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'ALL_PROXY']) {
      process.env[name] = `http://127.0.0.2:${receiver.port}`;
    }
    process.env['NODE_USE_ENV_PROXY'] = '1';
    try {
      expect(await senderWith().send(delivery())).toMatchObject({ kind: 'delivered' });
    } finally {
      process.env = before;
    }
  });

  it('says the name to the server, for the certificate', async () => {
    let servername: string | undefined;
    receiver.answer = (response) => {
      servername = (response.socket as unknown as { servername: string }).servername;
      response.end();
    };
    await sender.send(delivery());
    expect(servername).toBe(HOST);
  });

  it('to the next address where the first is closed', async () => {
    names[HOST] = ['127.0.0.1', '::1'];
    const second = new CallbackSender({
      ca: authority.cert,
      bounds: BOUNDS,
      resolution: { isAllowed: () => true, servers: [nameServer.server] },
    });
    const port = receiver.port;
    await receiver.stop();
    receiver = await Receiver.start(certificate, '::1', port);
    expect(await second.send(delivery())).toMatchObject({ kind: 'delivered' });
  });
});

describe('certificates', () => {
  async function sendTo(names: readonly string[], days?: number): Promise<DeliveryResult> {
    await receiver.stop();
    receiver = await Receiver.start(authority.issue(names, days));
    await inside.stop();
    inside = await Receiver.start(certificate, '127.0.0.2', receiver.port);
    return sender.send(delivery());
  }

  it.each([
    [['other.example.org'], 2],
    [['*.hooks.example.org'], 2],
    [[HOST], -1],
  ])('of %s, %i days to go: nothing is sent', async (names, days) => {
    expect(await sendTo(names, days)).toEqual(failed('certificate'));
    expect(receiver.received).toEqual([]);
  });

  it('of *.example.org: it is sent', async () => {
    expect(await sendTo(['*.example.org'])).toMatchObject({ kind: 'delivered' });
  });

  it('of an authority that is not trusted: nothing is sent, whatever the environment says', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await senderWith({ ca: null }).send(delivery())).toEqual(failed('certificate'));
    } finally {
      if (before === undefined) {
        delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      } else {
        process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
      }
    }
    expect(receiver.received).toEqual([]);
  });
});

describe('hostile receivers', () => {
  const everyTick = (response: Parameters<Answer>[0], text: string, ms: number) => {
    const timer = setInterval(() => response.socket?.write(text), ms);
    response.socket?.once('close', () => clearInterval(timer));
  };

  it.each<[string, Answer, string]>([
    ['never answers', () => undefined, 'timeout'],
    ['closes', (response) => response.socket?.destroy(), 'connection'],
    ['sends its status one byte a time', (response) => everyTick(response, 'H', 100), 'answer'],
    [
      'sends a header slowly',
      (response) => {
        response.socket?.write('HTTP/1.1 200 OK\r\nx: ');
        everyTick(response, 'x', 50);
      },
      'timeout',
    ],
    [
      'sends a header without an end',
      (response) => {
        response.socket?.write('HTTP/1.1 200 OK\r\nx: ');
        everyTick(response, 'x'.repeat(10_000), 5);
      },
      'answer',
    ],
    [
      'sends headers without an end',
      (response) => {
        response.socket?.write('HTTP/1.1 200 OK\r\n');
        everyTick(response, 'a: b\r\n'.repeat(1_000), 5);
      },
      'answer',
    ],
    [
      'goes on saying that it goes on',
      (response) => everyTick(response, 'HTTP/1.1 100 Continue\r\n\r\n', 5),
      'timeout',
    ],
    ['speaks something else', (response) => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n'), 'answer'],
  ])('one that %s fails in time', async (_what, answer, reason) => {
    receiver.answer = answer;
    const { result, ms } = await timed(sender.send(delivery()));
    expect(result).toEqual(failed(reason));
    expect(ms).toBeLessThan(2_500);
    await delay(50);
    expect(receiver.open).toBe(0);
  });

  it.each<[string, Answer]>([
    [
      'sends a body without an end',
      (response) => {
        response.writeHead(200);
        const piece = Buffer.alloc(65_536);
        const pour = () => {
          while (!response.destroyed && response.write(piece)) {
            // until it has to wait
          }
        };
        response.on('drain', pour);
        pour();
      },
    ],
    [
      'sends a body slowly',
      (response) => {
        response.writeHead(200, { 'content-length': 1_000_000 });
        const timer = setInterval(() => response.write('x'), 50);
        response.once('close', () => clearInterval(timer));
      },
    ],
    ['promises a body', (response) => response.writeHead(200, { 'content-length': 5 }).flushHeaders()],
    [
      'breaks off its body',
      (response) => {
        response.writeHead(200, { 'content-length': 5 }).write('x');
        setTimeout(() => response.socket?.destroy(), 20);
      },
    ],
  ])('one that %s has got it, and is left soon', async (_what, answer) => {
    receiver.answer = answer;
    const { result, ms } = await timed(sender.send(delivery()));
    expect(result).toEqual({ kind: 'delivered', status: 200 });
    expect(ms).toBeLessThan(1_000);
    await delay(50);
    expect(receiver.open).toBe(0);
  });

  it('one that changes the protocol fails', async () => {
    receiver.answer = (response) =>
      response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
    expect(await sender.send(delivery())).toEqual(failed('status', 101));
  });

  it('a name server that is silent costs no more than the time for a connection', async () => {
    names[HOST] = 'silence';
    const { result, ms } = await timed(sender.send(delivery()));
    expect(result).toEqual(failed('timeout'));
    expect(ms).toBeLessThan(1_500);
  });

  it('a name that does not exist fails', async () => {
    expect(await sender.send(delivery('nowhere.example.org'))).toEqual(failed('name'));
  });

  it('a port that nobody listens on fails', async () => {
    const { target, ...rest } = delivery();
    await receiver.stop();
    const result = await sender.send({ ...rest, target });
    receiver = await Receiver.start(certificate);
    expect(result).toEqual(failed('connection'));
  });

  it('one that does not speak TLS fails, and a socket that says nothing, too', async () => {
    for (const [first, reason] of [
      ['HTTP/1.1 200 OK\r\n\r\n', 'tls'],
      ['', 'timeout'],
    ] as const) {
      const plain = createServer((socket) => socket.on('error', () => undefined).write(first)).listen(0);
      await new Promise((resolve) => plain.once('listening', resolve));
      const { target, ...rest } = delivery();
      const { port } = plain.address() as { port: number };
      const result = await sender.send({ ...rest, target: { ...target, port } });
      plain.close();
      expect(result).toEqual(failed(reason));
    }
  });
});
