import { setTimeout as delay } from 'node:timers/promises';
import { HOST, Scene, until } from './scene.contract';
import { SendingScene } from './sending-scene.contract';

jest.setTimeout(60_000);

const MIB = 1024 * 1024;
/** So many one sender has in hand. */
const AT_ONCE = 16;

const scene = Scene.forEachTest();
const sending = SendingScene.forEachTest(scene, { maxKeptBytes: 128 * MIB });

/** What Redis has sent since its start, in bytes. */
function sentByRedis(): number {
  return Number(/total_net_output_bytes:(\d+)/.exec(sending.redis.command('INFO', 'stats'))?.[1]);
}

describe('many callbacks', () => {
  it('of one host that never answers do not hold up those of another', async () => {
    scene.names['dead.example.org'] = 'silence';
    const dead = await sending.cancelled(60, sending.url('dead.example.org'));
    await delay(5);
    const alive = await sending.cancelled(20);
    sending.startSender({ retryDelayMs: 60_000, hosts: [HOST, 'dead.example.org'] });
    await until(() => scene.receiver.received.length === alive.length);
    // One attempt at the other takes a second: where all have their turn, nearly all of those have been made before the last of these.
    const attempts = scene.nameServer.asked.filter((asked) => asked === 'dead.example.org A');
    expect(attempts.length).toBeGreaterThan(0);
    expect(attempts.length).toBeLessThan(dead.length / 2);
    expect(new Set(sending.idsReceived())).toEqual(new Set(alive));
  });

  it('come in hundreds', async () => {
    const ids = await sending.cancelled(300);
    sending.startSender();
    await until(() => scene.receiver.received.length >= ids.length, 40_000);
    expect(new Set(sending.idsReceived())).toEqual(new Set(ids));
    expect(sending.idsReceived()).toHaveLength(ids.length);
  });

  it('leave large outcomes out, and do not read them', async () => {
    const result = `"${'x'.repeat(4 * MIB)}"`;
    const ids: string[] = [];
    for (let count = 0; count < AT_ONCE; count++) {
      ids.push(await sending.ended(sending.url(), null, result));
    }
    const before = sentByRedis();
    sending.startSender();
    await until(() => scene.receiver.received.length === ids.length);
    for (const id of ids) {
      await until(sending.isSettled(id));
    }
    // Of the line, and of all that asks for it.
    expect(sentByRedis() - before).toBeLessThan(2 * MIB);
    for (const { body } of scene.receiver.received) {
      expect(JSON.parse(body)).toMatchObject({ data: { status: 'succeeded', outcomeLeftOut: true } });
      expect(body.length).toBeLessThan(1_000);
    }
  });
});
