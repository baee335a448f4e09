import type { Redis } from 'ioredis';
import { RedisProcess } from '../jobs/redis/redis-process.contract';
import { BullClients } from './bull-clients';

jest.setTimeout(60_000);

describe('BullClients', () => {
  let server: RedisProcess;
  let clients: BullClients;

  beforeAll(async () => {
    server = await RedisProcess.start(['--databases', '4']);
  });

  afterEach(() => clients.end());

  afterAll(() => server.stop());

  function make(database: number, username: string | null = null): BullClients {
    const { port } = server;
    clients = new BullClients({ host: '127.0.0.1', port, tls: false, username, password: null, database });
    return clients;
  }

  const happens = (client: Redis, event: string): Promise<void> =>
    new Promise((resolve) => client.once(event, () => resolve()));

  it('use the database that they are told to use, those that BullMQ makes of them too', async () => {
    const client = make(3).make(true);
    await client.set('a', '1');
    await client.duplicate().set('b', '1');
    expect(server.command('INFO', 'keyspace')).toMatch(/^db3:keys=2,/m);
    expect(server.command('DBSIZE')).toBe('0');
  });

  it.each([
    ['there is no such database', 4, null],
    ['their user may not select it', 2, 'limited'],
  ])('are never ready where %s, and use no other', async (_why, database, username) => {
    server.command('ACL', 'SETUSER', 'limited', 'on', 'nopass', '~*', '&*', '+@all', '-select');
    const client = make(database, username).make(true);
    let ready = 0;
    client.on('ready', () => ready++);
    const duplicate = client.duplicate();
    duplicate.on('ready', () => ready++);
    // What is asked meanwhile waits.
    const asked = client.set('waits', '1').catch(() => 'over');
    for (const one of [client, duplicate]) {
      await happens(one, 'reconnecting');
      await happens(one, 'connect');
      await happens(one, 'reconnecting');
    }
    expect(ready).toBe(0);
    expect(server.command('DBSIZE')).toBe('0');
    if (username) {
      server.command('ACL', 'SETUSER', 'limited', '+select');
      expect(await asked).toBe('OK');
      expect(server.command('DBSIZE')).toBe('0');
    }
  });
});
