import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { AsynchronousExecution } from '@pycell/contracts';
import { Webhook } from 'standardwebhooks';
import { ROOT } from '../../../tools/services/service-process.cjs';
import { ApiServer, type ServerProcess } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeCloud } from './harness/jail-support';
import { acceptedJob, endOf } from './harness/jobs-client';
import { KeysFile, keyHeader } from './harness/keys-file';
import { RECEIVER, ReceivingNetwork, TWO_FACED } from './harness/receiving-network';
import { KEEPING, RedisServer } from './harness/redis-server';

const CALLBACK_SECRET = Buffer.alloc(32, 7).toString('base64');
const CALLBACK_HOSTS = '*.example.org';
const NUMBER = '123456789012345678901234567890';
const SCRIPT = `def main():\n    return {"n": ${NUMBER}, "x": 1.0}`;
/** The first repetition comes after six seconds. */
const ARRIVES_MS = 30_000;

/** What arrives has this form. */
interface Told {
  readonly type: string;
  readonly timestamp: string;
  readonly data: AsynchronousExecution;
}

describeCloud('Callbacks that a process of its own sends', () => {
  let redis: RedisServer;
  let network: ReceivingNetwork;
  let keys: KeysFile;
  let headers: Readonly<Record<string, string>>;
  let api: ApiServer;
  let worker: ApiServer;
  let sender: ServerProcess;

  const startSender = (): Promise<ServerProcess> =>
    network.startSender(redis, { CALLBACK_HOSTS, CALLBACK_SECRET });
  const arrived = (path: string) => network.received.filter((callback) => callback.path === path);
  const untilArrived = (path: string, count = 1) =>
    eventually(
      () => arrived(path),
      ({ length }) => length >= count,
      ARRIVES_MS,
    );
  const accepted = (path: string, host = RECEIVER, script = SCRIPT): Promise<string> =>
    acceptedJob(api.client, { script, callbackUrl: `https://${host}${path}` }, headers);

  beforeAll(async () => {
    redis = await RedisServer.prepare();
    const socket = join(redis.folder, 'redis.sock');
    await redis.launch([...KEEPING, '--unixsocket', socket]);
    network = await ReceivingNetwork.start(socket);
    keys = new KeysFile();
    headers = keyHeader(keys.add('shop'));
    const shared = { BUILD: 'cloud', REDIS_URL: redis.url, API_KEYS_FILE: keys.path, CALLBACK_HOSTS };
    [api, worker, sender] = await Promise.all([
      ApiServer.start({ ...shared, ROLE: 'api' }),
      ApiServer.start({ ...shared, ROLE: 'worker' }),
      startSender(),
    ]);
  });

  afterAll(async () => {
    await network.stop();
    await Promise.all([api.stop(), worker.stop()]);
    await redis.stop();
    keys.dispose();
  });

  it('arrive once, signed with the secret of the key, with what a question is answered', async () => {
    const id = await accepted('/pycell?for=invoices');
    const [callback] = await untilArrived('/pycell?for=invoices');
    const { body: asked } = await api.client.get(`/executions/${id}`, headers);
    const secret = execFileSync('npm', ['run', '-s', 'keys', '--', 'callback-secret', 'shop'], {
      cwd: ROOT,
      env: { ...process.env, CALLBACK_SECRET, API_KEYS_FILE: keys.path },
      encoding: 'utf8',
    }).trim();
    const told = new Webhook(secret).verify(
      callback?.body ?? '',
      callback?.headers as Record<string, string>,
    ) as Told;
    expect(callback).toMatchObject({ method: 'POST', headers: { host: RECEIVER, 'webhook-id': id } });
    expect(told).toEqual({ type: 'execution.ended', timestamp: expect.any(String) as string, data: asked });
    expect(callback?.body).toContain(`{"n": ${NUMBER}, "x": 1.0}`);
    // Neither the path nor the query is in the log, which may be read by others.
    expect(sender.log).toContain(id);
    expect([api.log, worker.log, sender.log].join()).not.toContain('invoices');
  });

  it('come again where they were refused, with the same id', async () => {
    const id = await accepted('/later');
    const attempts = await untilArrived('/later', 2);
    expect(attempts.map(({ status, headers: { 'webhook-id': sent } }) => [status, sent])).toEqual([
      [503, id],
      [204, id],
    ]);
  });

  it('connect to nothing where a name leads into a private network, too', async () => {
    const before = network.connections.length;
    const id = await accepted('/inside', TWO_FACED);
    await eventually(
      () => sender.log.split('\n').find((line) => line.includes(id)) ?? '',
      (line) => line.includes('"outcome":"private_address"'),
      ARRIVES_MS,
    );
    expect(network.connections.slice(before)).toEqual([]);
  });

  it('tell of failures, and of what ended while nobody sent them', async () => {
    const exited = sender.exited;
    sender.signal('SIGKILL');
    await exited;
    const id = await accepted('/behind', RECEIVER, 'def main():\n    return 1 / 0');
    expect(await endOf(api.client, id, headers)).toMatchObject({ status: 'failed' });
    expect(arrived('/behind')).toEqual([]);
    sender = await startSender();
    const [callback] = await untilArrived('/behind');
    expect((JSON.parse(callback?.body ?? '') as Told).data).toMatchObject({
      id,
      status: 'failed',
      outcome: { code: 'SCRIPT_ERROR' },
    });
  });
});
