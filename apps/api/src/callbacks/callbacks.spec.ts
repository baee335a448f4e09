import { setTimeout as delay } from 'node:timers/promises';
import { callbackSecretOf } from './callback-secret';
import { verified } from './receiver.contract';
import { HOST, Scene, until } from './scene.contract';
import { MASTER, RESULT, SendingScene } from './sending-scene.contract';

jest.setTimeout(60_000);

const scene = Scene.forEachTest();
const sending = SendingScene.forEachTest(scene);

describe('callbacks over Redis', () => {
  it('are sent, signed for their owner, once; then they are settled and out of the line', async () => {
    const ids = [await sending.ended(sending.url(), 'shop'), await sending.ended()];
    const { line } = sending.startSender();
    for (const id of ids) {
      await until(sending.isSettled(id));
    }
    const secretOf = (id: unknown) => callbackSecretOf(MASTER, id === ids[0] ? 'shop' : null).reveal();
    for (const request of scene.receiver.received) {
      const id = request.headers['webhook-id'];
      expect(verified(secretOf(id), request)).toMatchObject({
        type: 'execution.ended',
        data: { id, status: 'succeeded', httpStatus: 200, outcome: { stdout: 'hi\n' } },
      });
      expect(request.body).toContain(`"result":${RESULT}`);
    }
    // A round of the dispatch and more.
    await delay(1_500);
    expect(sending.idsReceived().sort()).toEqual([...ids].sort());
    expect(await line.length()).toBe(0);
    // As another sender may have one that was in hand when this one settled it.
    await line.add(ids);
    await until(async () => (await line.length()) === 0);
    // A line of the log each, without what the URL holds besides its host.
    const what = { msg: 'callback', host: HOST, attempt: 1, outcome: 'delivered', status: 204 };
    expect(sending.lines).toHaveLength(2);
    expect(sending.lines).toContainEqual({ ...what, id: ids[0], key: 'shop' });
    expect(sending.lines).toContainEqual({ ...what, id: ids[1] });
  });

  it('are in the line as ids alone', async () => {
    scene.receiver.answer = (response) => response.writeHead(500).end();
    const id = await sending.ended(sending.url(), 'shop');
    sending.startSender({ retryDelayMs: 60_000 });
    await until(() => sending.attemptsToldOf(id).length === 1);
    await delay(100);
    const texts = sending.lineTexts().join('\n');
    expect(texts).toContain(id);
    expect(texts).toMatch(/^data\n\{\}$/m);
    expect(texts).not.toMatch(/example|token|shop|1234567890|whsec/);
  });

  it('are tried again until they arrive, with the same id', async () => {
    scene.receiver.answer = (response) =>
      response.writeHead(scene.receiver.received.length < 3 ? 500 : 200).end();
    const id = await sending.ended();
    sending.startSender();
    await until(sending.isSettled(id));
    expect(sending.idsReceived()).toEqual([id, id, id]);
    expect(new Set(scene.receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(sending.attemptsToldOf(id)).toEqual([
      [1, 'status'],
      [2, 'status'],
      [3, 'delivered'],
    ]);
    expect(await sending.registry.metrics()).toContain('pycell_callback_attempts_total{outcome="status"} 2');
  });

  it('are given up after eight attempts', async () => {
    scene.receiver.answer = (response) => response.writeHead(500).end();
    const id = await sending.ended();
    const { line } = sending.startSender({ retryDelayMs: 20 });
    await until(sending.isSettled(id));
    await delay(1_500);
    expect(sending.idsReceived()).toHaveLength(8);
    expect(sending.lines.at(-1)).toMatchObject({ attempt: 8, outcome: 'status', status: 500, givenUp: true });
    expect(await line.length()).toBe(0);
    expect(await sending.registry.metrics()).toContain('pycell_callbacks_given_up_total 1');
  });

  it.each<[string, () => Promise<string>, string]>([
    [
      'whose receiver is gone',
      () => {
        scene.receiver.answer = (response) => response.writeHead(410).end();
        return sending.ended();
      },
      'gone',
    ],
    [
      'whose execution is forgotten',
      async () => {
        const id = await sending.ended();
        // Its time is over, and nobody has come to take it away.
        sending.redis.command('HSET', `pycell:job:${id}`, 'expires', '1');
        return id;
      },
      'forgotten',
    ],
    ['whose host is not listed now', () => sending.ended(sending.url('other.example.org')), 'refused'],
    ['to an address, which somebody wrote into Redis', () => sending.ended('https://127.0.0.1/'), 'refused'],
    ['to plain http', () => sending.ended(`http://${HOST}/`), 'refused'],
  ])('%s are given up at once', async (_what, end, outcome) => {
    const id = await end();
    sending.startSender();
    await until(sending.isSettled(id));
    expect(sending.attemptsToldOf(id)).toEqual([[1, outcome]]);
    expect(sending.lines).toEqual([expect.objectContaining({ givenUp: true })]);
    expect(scene.receiver.received.length).toBe(outcome === 'gone' ? 1 : 0);
  });

  it('whose execution is forgotten between two attempts are told to be given up', async () => {
    scene.receiver.answer = (response) => response.writeHead(500).end();
    const id = await sending.ended();
    const { line } = sending.startSender({ retryDelayMs: 1_000 });
    await until(() => sending.attemptsToldOf(id).length === 1);
    // As Redis does when its time is over.
    sending.redis.command('DEL', `pycell:job:${id}`);
    await until(async () => (await line.length()) === 0);
    expect(sending.attemptsToldOf(id)).toEqual([
      [1, 'status'],
      [2, 'forgotten'],
    ]);
    expect(sending.lines.at(-1)).toMatchObject({ givenUp: true });
    expect(await sending.registry.metrics()).toContain('pycell_callbacks_given_up_total 1');
  });

  it('are tried again after a fault of ours, which the log tells and Redis does not', async () => {
    const id = await sending.ended();
    let faults = 1;
    sending.startSender({
      retryDelayMs: 1_000,
      fault: () => {
        if (faults-- > 0) {
          throw new Error('a secret');
        }
      },
    });
    await until(() => sending.lines.length > 0);
    await delay(300);
    expect(sending.lineTexts().join('\n')).toMatch(/^failedReason\ninternal$/m);
    expect(sending.lineTexts().join('\n')).not.toContain('secret');
    await until(sending.isSettled(id));
    expect(sending.attemptsToldOf(id)).toEqual([
      [1, 'internal'],
      [2, 'delivered'],
    ]);
    expect(sending.lines[0]).toMatchObject({ id, err: expect.any(Error) as Error });
    expect(await sending.registry.metrics()).toContain(
      'pycell_callback_attempts_total{outcome="internal"} 1',
    );
  });

  it('to a name that leads inside are tried again, and connect to nothing', async () => {
    scene.names[HOST] = ['127.0.0.2'];
    const id = await sending.ended();
    sending.startSender();
    await until(() => sending.attemptsToldOf(id).length === 2);
    expect(sending.attemptsToldOf(id)[1]).toEqual([2, 'private_address']);
    scene.names[HOST] = ['127.0.0.1'];
    await until(sending.isSettled(id));
    expect(sending.idsReceived()).toEqual([id]);
  });
});
