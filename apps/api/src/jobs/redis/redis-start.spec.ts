import { Logger } from '@nestjs/common';
import { Secret } from '../../configuration/secret';
import { JobStoreUnavailable } from '../job-store';
import { RedisProcess } from './redis-process.contract';
import { StoresOnRedis } from './stores.contract';
import { acceptedId, begun, jobOf, OUTCOME, until } from './tried-jobs.contract';

jest.setTimeout(60_000);

const LINE = 'pycell:bull:pycell-executions';
const PASSWORD = 'a password that nobody may see';

describe('RedisJobStore, from its start on,', () => {
  let server: RedisProcess;
  let stores: StoresOnRedis;
  const lines: string[] = [];

  async function launch(options: readonly string[] = [], password = ''): Promise<void> {
    server = await RedisProcess.start(options, password);
    stores = new StoresOnRedis(server.port);
  }

  beforeEach(() => {
    lines.length = 0;
    const write = (message: unknown): number => lines.push(String(message));
    Logger.overrideLogger({ log: write, warn: write, error: write });
  });

  afterEach(async () => {
    await stores.close();
    await server.stop();
    Logger.overrideLogger(false);
  });

  it('warns of settings with which executions can be lost, one line each', async () => {
    await launch(['--maxmemory-policy', 'allkeys-lru']);
    await stores.open();
    expect(lines).toEqual([
      expect.stringContaining('maxmemory-policy of Redis is allkeys-lru'),
      expect.stringMatching(/^appendonly of Redis is no: .* run a second time/),
      expect.stringContaining('appendfsync of Redis is everysec'),
    ]);
    lines.length = 0;
    server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    server.command('CONFIG', 'SET', 'appendonly', 'yes');
    server.command('CONFIG', 'SET', 'appendfsync', 'always');
    await stores.open();
    expect(lines).toEqual([]);
  });

  it('starts without Redis, refuses at once, and works when it has come', async () => {
    await launch();
    await server.kill();
    const before = performance.now();
    const store = await stores.open();
    expect(store.isThere).toBe(false);
    await expect(store.accept(jobOf('a'))).rejects.toBeInstanceOf(JobStoreUnavailable);
    await expect(store.take()).rejects.toBeInstanceOf(JobStoreUnavailable);
    expect(performance.now() - before).toBeLessThan(6_000);
    expect(lines).toEqual([expect.stringMatching(/^Redis is gone \(ECONNREFUSED\)/)]);
    await server.launch();
    await until(() => Promise.resolve(store.isThere));
    const id = await acceptedId(store);
    const job = await begun(store);
    expect(job.id).toBe(id);
    expect(await job.end(OUTCOME)).toBe(true);
  });

  it('says why it is not let in, and nothing of the password', async () => {
    await launch([], 'another');
    const store = await stores.open({
      redis: {
        host: '127.0.0.1',
        port: server.port,
        tls: false,
        username: null,
        password: new Secret(PASSWORD),
        database: 0,
      },
    });
    const error: unknown = await store.accept(jobOf('a')).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(JobStoreUnavailable);
    expect(lines).toEqual([expect.stringMatching(/^Redis is gone \(WRONGPASS\)/)]);
    expect(`${lines.join()}${String(error)}`).not.toContain(PASSWORD);
  });

  const inDatabase = (database: number, username: string | null = null) => ({
    redis: { host: '127.0.0.1', port: server.port, tls: false, username, password: null, database },
  });

  it('keeps all in the database that it is told to use', async () => {
    await launch();
    await acceptedId(await stores.open(inDatabase(3)));
    expect(server.command('INFO', 'keyspace')).toMatch(/^db3:/m);
    expect(server.command('DBSIZE')).toBe('0');
  });

  it('does without a database that there is not, instead of using another', async () => {
    await launch(['--databases', '4']);
    const store = await stores.open(inDatabase(4));
    await expect(store.accept(jobOf('a'))).rejects.toBeInstanceOf(JobStoreUnavailable);
    // Once, however often it tries.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(store.isThere).toBe(false);
    expect(lines).toEqual([expect.stringMatching(/^Redis is gone \(NO_DATABASE: .*REDIS_URL/)]);
    expect(server.command('DBSIZE')).toBe('0');
  });

  it('does without a database that its user may not select, and works once it may', async () => {
    await launch();
    server.command('ACL', 'SETUSER', 'limited', 'on', 'nopass', '~*', '&*', '+@all', '-select');
    const store = await stores.open(inDatabase(2, 'limited'));
    expect(store.isThere).toBe(false);
    expect(lines).toEqual([expect.stringMatching(/^Redis is gone \(NO_DATABASE/)]);
    expect(server.command('DBSIZE')).toBe('0');
    server.command('ACL', 'SETUSER', 'limited', '+select');
    await until(() => Promise.resolve(store.isThere), 20_000);
    await acceptedId(store);
    expect(server.command('INFO', 'keyspace')).toMatch(/^db2:/m);
    expect(server.command('DBSIZE')).toBe('0');
  });

  it('has what waits at its place in the line, also when virtual time has come far', async () => {
    await launch();
    const store = await stores.open();
    const first = await acceptedId(store);
    // As after a million turns in which the line was never empty.
    server.command('HSET', 'pycell:jobs:totals', 'time', String(2 ** 20 + 5));
    const second = await acceptedId(store, jobOf('b'));
    const priorityOf = (id: string): number =>
      Math.floor(Number(server.command('ZSCORE', `${LINE}:prioritized`, id)) / 2 ** 32);
    expect(priorityOf(second)).toBe(2 ** 20 + 6);
    await until(() => Promise.resolve(priorityOf(second) === 1), 20_000);
    expect((await begun(store)).id).toBe(first);
    expect((await begun(store)).id).toBe(second);
  });

  it('adds again what is missing in the line, also where BullMQ has lost everything', async () => {
    await launch();
    const store = await stores.open();
    const id = await acceptedId(store);
    for (const key of server.command('KEYS', `${LINE}:*`).split('\n')) {
      server.command('DEL', key);
    }
    expect(await store.take()).toBeNull();
    expect((await until(() => store.take(), 20_000)).id).toBe(id);
  });

  it('adds again what BullMQ has lost in part: its entry is there, and in none of its lists', async () => {
    await launch();
    const store = await stores.open();
    const id = await acceptedId(store);
    server.command('DEL', `${LINE}:prioritized`);
    expect(server.command('EXISTS', `${LINE}:${id}`)).toBe('1');
    expect(await store.take()).toBeNull();
    expect((await until(() => store.take(), 20_000)).id).toBe(id);
  });
});
