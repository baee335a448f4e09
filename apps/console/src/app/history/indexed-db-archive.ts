import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { RunOutcome } from '../api/run-outcome';
import type { FileContent } from '../script/run-setup';
import type { HistoryArchive } from './history-archive';
import type { HistoryEntry, HistoryRecord } from './history-entry';

const NAME = 'pycell.history';
const STORES = ['entries', 'outcomes', 'files'] as const;
/** 2: `files`. */
const VERSION = 2;

/** Entries are small and read all at once, outcomes one at a time. */
interface HistorySchema extends DBSchema {
  entries: { key: string; value: HistoryEntry; indexes: { at: number } };
  outcomes: { key: string; value: RunOutcome };
  /** Contents of attached files, which several runs may have had. */
  files: { key: string; value: FileContent };
}

type Database = IDBPDatabase<HistorySchema>;

/** @throws DOMException where the browser keeps nothing for this page */
export async function openIndexedDbArchive(): Promise<HistoryArchive> {
  const archive = new IndexedDbArchive();
  // A private window of some browsers opens the database and refuses to read it.
  await archive.entries();
  return archive;
}

/** Keeps the history in this browser, for all tabs. */
class IndexedDbArchive implements HistoryArchive {
  readonly isLasting = true;
  private readonly otherTabs = new BroadcastChannel(NAME);
  private opened: Promise<Database> | null = null;

  async entries(): Promise<readonly HistoryEntry[]> {
    const database = await this.open();
    return (await database.getAllFromIndex('entries', 'at')).reverse();
  }

  async outcomeOf(id: string): Promise<RunOutcome | null> {
    const database = await this.open();
    return (await database.get('outcomes', id)) ?? null;
  }

  async contentsOf(ids: readonly string[]): Promise<ReadonlyMap<string, FileContent>> {
    const database = await this.open();
    const found = await Promise.all(ids.map((id) => database.get('files', id)));
    return new Map(
      ids.flatMap((id, at) => {
        const content = found[at];
        return content ? [[id, content] as const] : [];
      }),
    );
  }

  async put(records: readonly HistoryRecord[]): Promise<void> {
    const database = await this.open();
    const transaction = database.transaction(STORES, 'readwrite');
    const writes: Promise<unknown>[] = [];
    for (const { entry, outcome, files } of records) {
      writes.push(transaction.objectStore('entries').put(entry));
      if (outcome) writes.push(transaction.objectStore('outcomes').put(outcome, entry.id));
      for (const { id, content } of files) {
        if (content) writes.push(transaction.objectStore('files').put(content, id));
      }
    }
    await Promise.all([...writes, transaction.done]);
    this.otherTabs.postMessage('changed');
  }

  async remove(ids: readonly string[]): Promise<void> {
    const database = await this.open();
    const transaction = database.transaction(STORES, 'readwrite');
    const writes = ids.flatMap((id) => [
      transaction.objectStore('entries').delete(id),
      transaction.objectStore('outcomes').delete(id),
    ]);
    await Promise.all(writes);
    const files = transaction.objectStore('files');
    const kept = await files.getAllKeys();
    if (kept.length > 0) {
      const used = usedFiles(await transaction.objectStore('entries').getAll());
      await Promise.all(kept.filter((id) => !used.has(id)).map((id) => files.delete(id)));
    }
    await transaction.done;
    this.otherTabs.postMessage('changed');
  }

  onChange(changed: () => void): void {
    this.otherTabs.addEventListener('message', () => changed());
  }

  private open(): Promise<Database> {
    this.opened ??= this.connect().catch((error: unknown) => {
      this.opened = null;
      throw error;
    });
    return this.opened;
  }

  private async connect(): Promise<Database> {
    const forget = (): void => void (this.opened = null);
    const database = await openDB<HistorySchema>(NAME, VERSION, {
      upgrade(database, oldVersion) {
        if (oldVersion < 1) {
          database.createObjectStore('entries', { keyPath: 'id' }).createIndex('at', 'at');
          database.createObjectStore('outcomes');
        }
        database.createObjectStore('files');
      },
      // A newer console in another tab wants to change the database: it must not wait for this one.
      blocking() {
        forget();
        database.close();
      },
      // The user cleared the site's data, say: the next use opens it anew.
      terminated: forget,
    });
    return database;
  }
}

function usedFiles(entries: readonly HistoryEntry[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ setup }) => setup?.files.map(({ id }) => id) ?? []));
}
