import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeCloud } from './harness/jail-support';
import { executeWith, keyHeader, KeysFile, newKey } from './harness/keys-file';

/** What is promised: so long after a change of the file it holds. */
const RELOAD_MS = 2_000;
const REQUESTS = 200;
const AT_ONCE = 8;

describeCloud('A file of keys that changes', () => {
  let file: KeysFile;
  let server: ApiServer;

  beforeAll(async () => {
    file = new KeysFile();
    file.add('other');
    server = await ApiServer.start({ BUILD: 'cloud', API_KEYS_FILE: file.path, MAX_QUEUE: '1000' });
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  const statusWith = async (key: string): Promise<number> =>
    (await server.client.get(API_PATHS.metadata, keyHeader(key))).status;
  /** Waits until the service answers so to a key, and returns how long that took, ms. */
  const waitFor = async (key: string, status: number): Promise<number> => {
    const since = performance.now();
    await eventually(
      () => statusWith(key),
      (seen) => seen === status,
      server.patienceMs(RELOAD_MS),
    );
    return performance.now() - since;
  };

  /** Executes so many scripts, some at once, each with the key that is current then. */
  const load = async (currentKey: () => string): Promise<number[]> => {
    const statuses: number[] = [];
    let sent = 0;
    const clients = Array.from({ length: AT_ONCE }, async () => {
      while (sent < REQUESTS) {
        sent++;
        statuses.push((await executeWith(server.client, keyHeader(currentKey()))).status);
      }
    });
    await Promise.all(clients);
    return statuses;
  };

  it('is in force within 2 seconds, for keys that come and for keys that go', async () => {
    const key = newKey();
    expect(await statusWith(key)).toBe(401);
    file.set('new', [key]);
    await waitFor(key, 200);
    file.remove('new');
    await waitFor(key, 401);
    expect(server.logRecords.filter(({ msg }) => msg === 'keys reloaded')).toMatchObject([
      { keys: 2, added: ['new'], removed: [], changed: [] },
      { keys: 1, added: [], removed: ['new'], changed: [] },
    ]);
  });

  it('loses no request while a key is rotated: both keys work in between', async () => {
    const [old, fresh] = [newKey(), newKey()];
    file.set('shop', [old]);
    await waitFor(old, 200);
    let current = old;
    const running = load(() => current);
    file.set('shop', [old, fresh]);
    await waitFor(fresh, 200);
    current = fresh;
    const statuses = await running;
    file.set('shop', [fresh]);
    await waitFor(old, 401);
    expect(statuses).toEqual(Array(REQUESTS).fill(200));
    expect(await statusWith(fresh)).toBe(200);
  });

  it('refuses a key that is swapped under load with 401, and nothing with 5xx', async () => {
    const [old, fresh] = [newKey(), newKey()];
    file.set('swapped', [old]);
    await waitFor(old, 200);
    const running = load(() => old);
    await delay(100);
    file.set('swapped', [fresh]);
    await waitFor(old, 401);
    expect(await statusWith(fresh)).toBe(200);
    const statuses = await running;
    expect(statuses).toHaveLength(REQUESTS);
    expect(statuses.filter((status) => status !== 200 && status !== 401)).toEqual([]);
    expect(statuses).toContain(200);
  });

  it('lets a run that is under way come to its end', async () => {
    const key = file.add('leaving');
    await waitFor(key, 200);
    const running = executeWith(
      server.client,
      keyHeader(key),
      'import time\ndef main():\n    time.sleep(4)\n    return "done"',
    );
    await delay(200);
    file.remove('leaving');
    await waitFor(key, 401);
    expect(await running).toMatchObject({ status: 200, body: { result: 'done' } });
  });

  it('keeps the keys in force while it is wrong, and says so once', async () => {
    const key = file.add('kept');
    await waitFor(key, 200);
    file.writeText(`{"keys": [{"name": "kept", "sha256": ["${'0'.repeat(64)}"], "places": -1}]}`);
    const faults = () => server.logRecords.filter(({ level }) => level === 50);
    await eventually(faults, ({ length }) => length > 0, server.patienceMs(RELOAD_MS));
    await delay(1_500);
    expect(faults()).toMatchObject([
      { context: 'Keys', problems: [expect.stringMatching(/key "kept": places is -1, expected/)] },
    ]);
    expect(await statusWith(key)).toBe(200);
    file.remove('kept');
    await waitFor(key, 401);
  });
});
