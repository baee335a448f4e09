import { describeJobStore } from '../job-store.contract';
import { MemoryJobStore } from './memory-job-store';

describeJobStore('MemoryJobStore', async (options) => {
  const store = new MemoryJobStore(options);
  await store.start();
  return { store, source: store, close: () => store.stop() };
});
