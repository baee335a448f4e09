import { setTimeout as delay } from 'node:timers/promises';
import { CallbackSender } from './callback-sender';
import type { DeliveryResult } from './delivery';
import { NameServer } from './name-server.contract';
import { isPublicAddress } from './public-address';
import { Receiver, verified } from './receiver.contract';
import { BOUNDS, failed, HOST, ID, Scene, SECRET } from './scene.contract';

const scene = Scene.forEachTest();

describe('what is sent', () => {
  it('is a POST whose signature holds', async () => {
    const sent = scene.delivery();
    expect(await scene.sender.send(sent)).toEqual({ kind: 'delivered', status: 204 });
    const [request] = scene.receiver.received;
    expect(request).toMatchObject({ method: 'POST', path: '/hook?token=abc', body: sent.body });
    expect(request?.headers).toMatchObject({
      host: `${HOST}:${scene.receiver.port}`,
      'content-type': 'application/json',
      'webhook-id': ID,
      'webhook-signature': expect.stringMatching(/^v1,/) as string,
      connection: 'close',
    });
    expect(verified(SECRET, request as never)).toEqual(JSON.parse(sent.body));
  });

  it('does not verify with the secret of another, or when it was changed', async () => {
    await scene.sender.send(scene.delivery());
    const [request] = scene.receiver.received;
    const other = `whsec_${Buffer.alloc(32, 6).toString('base64')}`;
    expect(() => verified(other, request as never)).toThrow('No matching signature');
    expect(() => verified(SECRET, { ...request, body: '{}' } as never)).toThrow('No matching signature');
  });

  it('has the same id and another time on each attempt', async () => {
    await scene.sender.send(scene.delivery());
    await delay(1_100);
    await scene.sender.send(scene.delivery());
    const [first, second] = scene.receiver.received.map(({ headers }) => headers);
    expect(second?.['webhook-id']).toBe(first?.['webhook-id']);
    expect(Number(second?.['webhook-timestamp'])).toBeGreaterThan(Number(first?.['webhook-timestamp']));
    expect(scene.receiver.connections).toBe(2);
  });
});

describe('what a scene.receiver answers', () => {
  it.each([200, 201, 202, 204, 299])('%i: delivered', async (status) => {
    scene.receiver.answer = (response) => response.writeHead(status).end();
    expect(await scene.sender.send(scene.delivery())).toEqual({ kind: 'delivered', status });
  });

  it('in time, with a body that goes on when the time is over: delivered', async () => {
    scene.receiver.answer = (response) => {
      setTimeout(() => response.writeHead(200).write('a'), BOUNDS.totalMs - BOUNDS.bodyMs / 2);
    };
    expect(await scene.sender.send(scene.delivery())).toEqual({ kind: 'delivered', status: 200 });
  });

  it('410: it wants no more', async () => {
    scene.receiver.answer = (response) => response.writeHead(410).end();
    expect(await scene.sender.send(scene.delivery())).toEqual({ kind: 'gone', status: 410 });
  });

  it.each([400, 401, 404, 429, 500, 503])('%i: failed', async (status) => {
    scene.receiver.answer = (response) => response.writeHead(status).end('no');
    expect(await scene.sender.send(scene.delivery())).toEqual(failed('status', status));
  });

  it.each([
    [429, '7', 7_000],
    [503, '0', 0],
    [503, 'soon', null],
    [503, '-1', null],
    [500, '7', null],
  ])('%i with Retry-After %s: to be tried after that, where it counts', async (status, value, ms) => {
    scene.receiver.answer = (response) => response.writeHead(status, { 'retry-after': value }).end();
    expect(await scene.sender.send(scene.delivery())).toEqual(failed('status', status, ms));
  });

  it('takes a date for Retry-After', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    scene.receiver.answer = (response) => response.writeHead(503, { 'retry-after': date }).end();
    const result = await scene.sender.send(scene.delivery());
    expect(result.kind === 'failed' && result.retryAfterMs).toBeGreaterThan(58_000);
  });

  it.each([301, 302, 303, 307, 308])('%i: a redirect is not followed, to wherever', async (status) => {
    for (const location of [
      `https://127.0.0.2:${scene.receiver.port}/`,
      `https://${HOST}:${scene.receiver.port}/other`,
      'http://169.254.169.254/latest/meta-data/',
    ]) {
      scene.receiver.answer = (response) => response.writeHead(status, { location }).end();
      expect(await scene.sender.send(scene.delivery())).toEqual(failed('redirect', status));
    }
    expect(scene.receiver.received).toHaveLength(3);
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
    scene.names[HOST] = addresses;
    expect(await scene.sender.send(scene.delivery())).toEqual(failed('private_address'));
    expect(scene.receiver.connections).toBe(0);
  });

  it('to the address that was checked, when the name has become another one meanwhile', async () => {
    let asked = 0;
    const rebinding = await NameServer.start(() => {
      asked += 1;
      return asked <= 2 ? ['127.0.0.1'] : ['127.0.0.2'];
    });
    const target = new CallbackSender({
      ca: scene.authority.cert,
      bounds: BOUNDS,
      resolution: { isAllowed: (address) => address === '127.0.0.1', servers: [rebinding.server] },
    });
    expect(await target.send(scene.delivery('rebound.example.org'))).toMatchObject({ kind: 'delivered' });
    // One question for each family; from then on it leads scene.inside.
    expect(asked).toBe(2);
    expect(await target.send(scene.delivery('rebound.example.org'))).toEqual(failed('private_address'));
    rebinding.stop();
  });

  it('asks DNS alone: what the file of hosts says does not count', async () => {
    expect(await scene.sender.send(scene.delivery('localhost'))).toEqual(failed('name'));
    expect(scene.nameServer.asked.sort()).toEqual(['localhost A', 'localhost AAAA']);
  });

  it('by default to public addresses only', async () => {
    const strict = new CallbackSender({
      resolution: { isAllowed: isPublicAddress, servers: [scene.nameServer.server] },
    });
    expect(await strict.send(scene.delivery())).toEqual(failed('private_address'));
    expect(scene.receiver.connections).toBe(0);
  });

  it('through no proxy of the environment', async () => {
    const before = { ...process.env };
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'ALL_PROXY']) {
      process.env[name] = `http://127.0.0.2:${scene.receiver.port}`;
    }
    process.env['NODE_USE_ENV_PROXY'] = '1';
    try {
      expect(await scene.senderWith().send(scene.delivery())).toMatchObject({ kind: 'delivered' });
    } finally {
      process.env = before;
    }
  });

  it('says the name to the server, for the certificate', async () => {
    let servername: string | undefined;
    scene.receiver.answer = (response) => {
      servername = (response.socket as unknown as { servername: string }).servername;
      response.end();
    };
    await scene.sender.send(scene.delivery());
    expect(servername).toBe(HOST);
  });

  it('to the next address where the first is closed', async () => {
    scene.names[HOST] = ['127.0.0.1', '::1'];
    const second = new CallbackSender({
      ca: scene.authority.cert,
      bounds: BOUNDS,
      resolution: { isAllowed: () => true, servers: [scene.nameServer.server] },
    });
    const port = scene.receiver.port;
    await scene.receiver.stop();
    scene.receiver = await Receiver.start(scene.certificate, '::1', port);
    expect(await second.send(scene.delivery())).toMatchObject({ kind: 'delivered' });
  });
});

describe('certificates', () => {
  async function sendTo(names: readonly string[], days?: number): Promise<DeliveryResult> {
    await scene.receiver.stop();
    scene.receiver = await Receiver.start(scene.authority.issue(names, days));
    await scene.inside.stop();
    scene.inside = await Receiver.start(scene.certificate, '127.0.0.2', scene.receiver.port);
    return scene.sender.send(scene.delivery());
  }

  it.each([
    [['other.example.org'], 2],
    [['*.hooks.example.org'], 2],
    [[HOST], -1],
  ])('of %s, %i days to go: nothing is sent', async (names, days) => {
    expect(await sendTo(names, days)).toEqual(failed('certificate'));
    expect(scene.receiver.received).toEqual([]);
  });

  it('of *.example.org: it is sent', async () => {
    expect(await sendTo(['*.example.org'])).toMatchObject({ kind: 'delivered' });
  });

  it('of an authority that is not trusted: nothing is sent, whatever the environment says', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await scene.senderWith('unknown').send(scene.delivery())).toEqual(failed('certificate'));
    } finally {
      if (before === undefined) {
        delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      } else {
        process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
      }
    }
    expect(scene.receiver.received).toEqual([]);
  });
});
