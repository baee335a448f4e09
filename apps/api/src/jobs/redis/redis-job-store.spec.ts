import { RedisServer } from '../../../../api-e2e/src/harness/redis-server';
import { describeJobStore } from '../job-store.contract';
import { StoresOnRedis } from './stores.contract';

let server: RedisServer;

beforeAll(async () => (server = await RedisServer.start()));
afterAll(() => server.stop());

describeJobStore('RedisJobStore', async (options) => {
  server.command('FLUSHALL');
  const stores = new StoresOnRedis(server.port);
  const store = await stores.open(options);
  return { store, source: store, close: () => stores.close() };
});
