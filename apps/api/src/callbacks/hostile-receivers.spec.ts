import { createServer } from 'node:net';
import type { DeliveryResult } from './delivery';
import { type Answer, Receiver } from './receiver.contract';
import { failed, HOST, Scene, until } from './scene.contract';

const scene = Scene.forEachTest();

async function timed(sending: Promise<DeliveryResult>): Promise<{ result: DeliveryResult; ms: number }> {
  const start = performance.now();
  const result = await sending;
  return { result, ms: performance.now() - start };
}

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
    scene.receiver.answer = answer;
    const { result, ms } = await timed(scene.sender.send(scene.delivery()));
    expect(result).toEqual(failed(reason));
    expect(ms).toBeLessThan(2_500);
    await until(() => scene.receiver.open === 0, 1_000);
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
    scene.receiver.answer = answer;
    const { result, ms } = await timed(scene.sender.send(scene.delivery()));
    expect(result).toEqual({ kind: 'delivered', status: 200 });
    // Less than an attempt may take.
    expect(ms).toBeLessThan(1_400);
    await until(() => scene.receiver.open === 0, 1_000);
  });

  it('one that changes the protocol fails', async () => {
    scene.receiver.answer = (response) =>
      response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
    expect(await scene.sender.send(scene.delivery())).toEqual(failed('status', 101));
  });

  it('a name server that is silent costs no more than the time for a connection', async () => {
    scene.names[HOST] = 'silence';
    const { result, ms } = await timed(scene.sender.send(scene.delivery()));
    expect(result).toEqual(failed('timeout'));
    expect(ms).toBeLessThan(1_500);
  });

  it('a name that does not exist fails', async () => {
    expect(await scene.sender.send(scene.delivery('nowhere.example.org'))).toEqual(failed('name'));
  });

  it('a port that nobody listens on fails', async () => {
    const { target, ...rest } = scene.delivery();
    await scene.receiver.stop();
    const result = await scene.sender.send({ ...rest, target });
    scene.receiver = await Receiver.start(scene.certificate);
    expect(result).toEqual(failed('connection'));
  });

  it('one that does not speak TLS fails, and a socket that says nothing, too', async () => {
    for (const [first, reason] of [
      ['HTTP/1.1 200 OK\r\n\r\n', 'tls'],
      ['', 'timeout'],
    ] as const) {
      const plain = createServer((socket) => socket.on('error', () => undefined).write(first)).listen(0);
      await new Promise((resolve) => plain.once('listening', resolve));
      const { target, ...rest } = scene.delivery();
      const { port } = plain.address() as { port: number };
      const result = await scene.sender.send({ ...rest, target: { ...target, port } });
      plain.close();
      expect(result).toEqual(failed(reason));
    }
  });
});
