import { RedisProcess } from './redis-process.contract';
import { Logger } from '@nestjs/common';
import { describeJobStore } from '../job-store.contract';
import { StoresOnRedis } from './stores.contract';

jest.setTimeout(90_000);

let server: RedisProcess;

// Of what is warned of at the start.
Logger.overrideLogger(false);

beforeAll(async () => (server = await RedisProcess.start()));
afterAll(() => server.stop());

describeJobStore('RedisJobStore', async (options) => {
  server.command('FLUSHALL');
  const stores = new StoresOnRedis(server.port);
  const store = await stores.open(options);
  return { store, source: store, close: () => stores.close() };
});
