import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { AttachedFile, FileContent } from '../../script/run-setup';
import type { FileArchive } from './file-archive';

/** What was not used for so long belongs to a script that nobody has any more, milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;
/** All files of all tabs; the oldest go first. */
const MAX_BYTES = 32 * 1024 * 1024;

interface StoredFile {
  readonly id: string;
  /** When it was used last; milliseconds since the epoch. */
  readonly at: number;
  readonly sizeBytes: number;
  readonly content: FileContent;
}

interface FilesSchema extends DBSchema {
  files: { key: string; value: StoredFile; indexes: { at: number } };
}

/** @throws DOMException where the browser keeps nothing for this page */
export async function openIndexedDbFiles(): Promise<FileArchive> {
  const database = await openDB<FilesSchema>('pycell.files', 1, {
    upgrade(created) {
      created.createObjectStore('files', { keyPath: 'id' }).createIndex('at', 'at');
    },
    // A newer console in another tab wants to change the database: it must not wait for this one.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
    },
  });
  return new IndexedDbFiles(database);
}

class IndexedDbFiles implements FileArchive {
  constructor(private readonly database: IDBPDatabase<FilesSchema>) {}

  async put(files: readonly AttachedFile[]): Promise<void> {
    if (files.length === 0) return;
    const transaction = this.database.transaction('files', 'readwrite');
    const writes = files.flatMap(({ id, sizeBytes, content }) =>
      content ? [transaction.store.put({ id, at: Date.now(), sizeBytes, content })] : [],
    );
    await Promise.all([...writes, transaction.done]);
    await this.forgetOld();
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, FileContent>> {
    if (ids.length === 0) return new Map();
    const transaction = this.database.transaction('files', 'readwrite');
    const found = await Promise.all(ids.map((id) => transaction.store.get(id)));
    const stored = found.filter((file) => file !== undefined);
    const writes = stored.map((file) => transaction.store.put({ ...file, at: Date.now() }));
    await Promise.all([...writes, transaction.done]);
    return new Map(stored.map(({ id, content }) => [id, content]));
  }

  private async forgetOld(): Promise<void> {
    const transaction = this.database.transaction('files', 'readwrite');
    let bytes = 0;
    const newestFirst = await transaction.store.index('at').openCursor(null, 'prev');
    for (let cursor = newestFirst; cursor; cursor = await cursor.continue()) {
      const { id, at, sizeBytes } = cursor.value;
      bytes += sizeBytes;
      if (bytes > MAX_BYTES || at < Date.now() - KEPT_MS) await transaction.store.delete(id);
    }
    await transaction.done;
  }
}
