import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { BackgroundRun, GivenRun } from './background-run';
import type { RunsArchive } from './runs-archive';

const NAME = 'pycell.background';
const STORES = ['runs', 'given'] as const;
const VERSION = 1;

/** Runs are small and read all at once, what they were made of one at a time. */
interface RunsSchema extends DBSchema {
  runs: { key: string; value: BackgroundRun; indexes: { apiUrl: string } };
  given: { key: string; value: GivenRun };
}

type Database = IDBPDatabase<RunsSchema>;

/** @throws DOMException where the browser keeps nothing for this page */
export async function openIndexedDbRuns(): Promise<RunsArchive> {
  const archive = new IndexedDbRuns();
  // A private window of some browsers opens the database and refuses to read it.
  await archive.givenOf('');
  return archive;
}

/** Keeps runs in this browser, for all tabs. A key of an API is never among what it keeps. */
class IndexedDbRuns implements RunsArchive {
  private readonly otherTabs = new BroadcastChannel(NAME);
  private opened: Promise<Database> | null = null;

  async runsOf(apiUrl: string): Promise<readonly BackgroundRun[]> {
    const database = await this.open();
    const runs = await database.getAllFromIndex('runs', 'apiUrl', apiUrl);
    return runs.sort((a, b) => b.at - a.at);
  }

  async givenOf(key: string): Promise<GivenRun | null> {
    const database = await this.open();
    return (await database.get('given', key)) ?? null;
  }

  async add(run: BackgroundRun, given: GivenRun): Promise<void> {
    const transaction = (await this.open()).transaction(STORES, 'readwrite');
    await Promise.all([
      transaction.objectStore('runs').put(run),
      transaction.objectStore('given').put(given, run.key),
      transaction.done,
    ]);
    this.tell();
  }

  async change(key: string, changes: Partial<BackgroundRun>): Promise<void> {
    const transaction = (await this.open()).transaction('runs', 'readwrite');
    const known = await transaction.store.get(key);
    if (known) await transaction.store.put({ ...known, ...changes });
    await transaction.done;
    this.tell();
  }

  async forgetBody(key: string): Promise<void> {
    const transaction = (await this.open()).transaction('given', 'readwrite');
    const known = await transaction.store.get(key);
    if (known) await transaction.store.put({ ...known, body: null }, key);
    await transaction.done;
  }

  async remove(keys: readonly string[]): Promise<void> {
    const transaction = (await this.open()).transaction(STORES, 'readwrite');
    const writes = keys.flatMap((key) => STORES.map((store) => transaction.objectStore(store).delete(key)));
    await Promise.all([...writes, transaction.done]);
    this.tell();
  }

  onChange(changed: () => void): void {
    this.otherTabs.addEventListener('message', () => changed());
  }

  private tell(): void {
    this.otherTabs.postMessage('changed');
  }

  private open(): Promise<Database> {
    this.opened ??= this.connect().catch((error: unknown) => {
      this.opened = null;
      throw error;
    });
    return this.opened;
  }

  private connect(): Promise<Database> {
    const forget = (): void => void (this.opened = null);
    return openDB<RunsSchema>(NAME, VERSION, {
      upgrade(database) {
        database.createObjectStore('runs', { keyPath: 'key' }).createIndex('apiUrl', 'apiUrl');
        database.createObjectStore('given');
      },
      // A newer console in another tab wants to change the database: it must not wait for this one.
      blocking(_current, _blocked, event) {
        forget();
        (event.target as IDBDatabase).close();
      },
      // The user cleared the site's data, say: the next use opens it anew.
      terminated: forget,
    });
  }
}
