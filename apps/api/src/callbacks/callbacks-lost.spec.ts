import { Scene, until } from './scene.contract';
import { KEEPING } from '../jobs/redis/redis-process.contract';
import { SendingScene } from './sending-scene.contract';

jest.setTimeout(60_000);

const scene = Scene.forEachTest();
const sending = SendingScene.forEachTest(scene);

describe('callbacks', () => {
  it('survive a sender that stops between two attempts', async () => {
    scene.receiver.answer = (response) => response.writeHead(500).end();
    const id = await sending.ended();
    const first = sending.startSender({ retryDelayMs: 500 });
    await until(() => sending.attemptsToldOf(id).length === 1);
    await first.end();
    expect(await sending.store.findPending(id)).toMatchObject({ id });
    scene.receiver.answer = (response) => response.writeHead(200).end();
    sending.startSender();
    await until(sending.isSettled(id));
    expect(sending.idsReceived()).toEqual([id, id]);
    expect(sending.attemptsToldOf(id)[1]).toEqual([2, 'delivered']);
  });

  it('survive a sender that dies with them in hand', async () => {
    scene.receiver.answer = () => undefined;
    const id = await sending.ended();
    const first = sending.startSender();
    await until(() => scene.receiver.received.length === 1);
    await first.end(0);
    scene.receiver.answer = (response) => response.writeHead(200).end();
    sending.startSender();
    await until(sending.isSettled(id));
    expect(new Set(sending.idsReceived())).toEqual(new Set([id]));
    expect(sending.idsReceived().length).toBeGreaterThanOrEqual(2);
  });

  it('are added again when the line is lost', async () => {
    scene.receiver.answer = (response) => response.writeHead(500).end();
    const id = await sending.ended();
    const first = sending.startSender({ retryDelayMs: 60_000 });
    await until(() => sending.attemptsToldOf(id).length === 1);
    await first.end();
    sending.loseLine();
    scene.receiver.answer = (response) => response.writeHead(200).end();
    sending.startSender();
    await until(sending.isSettled(id));
    expect(sending.idsReceived()).toEqual([id, id]);
  });

  it('go on when Redis was gone for a while', async () => {
    sending.startSender();
    await until(async () => (await sending.registry.metrics()).includes('pycell_callbacks_pending 0'));
    await sending.redis.kill();
    await until(async () => !(await sending.registry.metrics()).includes('pycell_callbacks_pending 0'));
    await sending.redis.launch(KEEPING);
    await until(async () => (await sending.registry.metrics()).includes('pycell_callbacks_pending 0'));
    await until(() => sending.store.isThere);
    await until(sending.isSettled(await sending.ended()));
    expect(sending.lines).toContainEqual(
      expect.stringMatching(/^Redis does not answer \([A-Z]\w+|no connection\)/),
    );
  });
});

describe('a sender that stops', () => {
  /** Connections to this test's Redis that are open, or being made. */
  const connections = () => sending.redis.command('CLIENT', 'LIST').split('\n').length;

  it('puts back what comes meanwhile, which is sent once, as the first attempt', async () => {
    const others = connections();
    scene.receiver.answer = (response) => setTimeout(() => response.writeHead(200).end(), 700);
    const slow = await sending.ended();
    const first = sending.startSender();
    await until(() => scene.receiver.received.length === 1);
    const ended = first.end();
    const late = await sending.ended();
    await first.line.add([late]).catch(() => undefined);
    await ended;
    expect(sending.idsReceived()).toEqual([slow]);
    expect(await sending.isSettled(slow)()).toBe(true);
    expect(connections()).toBe(others);
    sending.startSender();
    await until(sending.isSettled(late));
    expect(sending.attemptsToldOf(late)).toEqual([[1, 'delivered']]);
    expect(sending.idsReceived()).toEqual([slow, late]);
  });
});

describe('a sender without Redis', () => {
  it('starts, says so, and stops', async () => {
    await sending.redis.kill();
    const { end } = sending.startSender();
    await until(() =>
      sending.lines.some((line) => typeof line === 'string' && line.startsWith('Redis does not answer')),
    );
    const start = performance.now();
    await end(500);
    expect(performance.now() - start).toBeLessThan(3_000);
    await sending.redis.launch(KEEPING);
  });
});
