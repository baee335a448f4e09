import { setTimeout as delay } from 'node:timers/promises';
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

  it('puts back what it has taken and not begun: it is sent once, as the first attempt, by another', async () => {
    const others = connections();
    const ids = await sending.cancelled(10);
    let hasBegun = false;
    const first = sending.startSender({
      fault: () => {
        hasBegun = true;
        void first.end();
      },
    });
    await until(() => hasBegun);
    await first.end();
    // The line takes several before it begins with the first.
    expect(sending.idsReceived()).toHaveLength(1);
    await until(() => connections() === others);
    sending.startSender();
    await until(() => scene.receiver.received.length >= ids.length);
    await delay(500);
    expect(sending.idsReceived().sort()).toEqual([...ids].sort());
    expect(ids.map((id) => sending.attemptsToldOf(id))).toEqual(ids.map(() => [[1, 'delivered']]));
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
    // BullMQ would wait until Redis is there again.
    expect(performance.now() - start).toBeLessThan(10_000);
    await sending.redis.launch(KEEPING);
  });
});
