import { computed, inject, Injectable, signal } from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import { newId } from '../browser/new-id';
import type { FinishedRun } from '../runs/run-store';
import { readSetup } from '../script/read-setup';
import { isSameSetup, PLAIN_SETUP, type RunSetup } from '../script/run-setup';
import type { HistoryArchive } from './history-archive';
import { beyondBounds } from './history-bounds';
import {
  type Draft,
  type HistoryEntry,
  type HistoryRecord,
  recordOfDraft,
  recordOfRun,
} from './history-entry';
import { MemoryArchive } from './memory-archive';
import { OPEN_ARCHIVE } from './open-archive';
import { OverflowArchive } from './overflow-archive';

/** How long entries are kept. */
export type HistoryKeeping =
  /** in this browser, beyond the page */
  | 'lasting'
  /** earlier ones so, and new ones as long as the page: the browser's storage takes no more */
  | 'earlier-only'
  /** as long as the page: the browser keeps nothing, or what it kept cannot be read */
  | 'visit';

/** Every run of this browser, and the scripts that were replaced before they were run. */
@Injectable({ providedIn: 'root' })
export class HistoryStore {
  private readonly openArchive = inject(OPEN_ARCHIVE);
  private readonly kept = signal<readonly HistoryEntry[] | null>(null);
  private readonly keeps = signal<HistoryKeeping>('lasting');
  private archive: Promise<HistoryArchive> | null = null;

  /** Newest first; null until they have been read. */
  readonly entries = this.kept.asReadonly();
  readonly count = computed(() => this.kept()?.length ?? 0);
  readonly keeping = this.keeps.asReadonly();

  /** Reads what was kept. */
  async read(): Promise<void> {
    await this.use((archive) => this.readFrom(archive));
  }

  async addRun(run: FinishedRun): Promise<void> {
    await this.put([recordOfRun(newId(), run)]);
  }

  /**
   * Puts away a script that is replaced, unless the newest entry has it already.
   */
  async addDraft(draft: Draft): Promise<void> {
    await this.read();
    const newest = this.kept()?.[0];
    const hasIt = newest?.script === draft.script && isSameSetup(newest.setup ?? PLAIN_SETUP, draft.setup);
    if (!hasIt) await this.put([recordOfDraft(newId(), draft, Date.now())]);
  }

  /** What the script of an entry was run with; files that were too large to be kept have no content. */
  async setupOf({ setup }: HistoryEntry): Promise<RunSetup> {
    const read = readSetup(setup);
    const ids = read.files.map(({ id }) => id);
    if (ids.length === 0) return read;
    const contents = await this.use((archive) => archive.contentsOf(ids));
    const files = read.files.map((file) => ({ ...file, content: contents.get(file.id) ?? null }));
    return { ...read, files };
  }

  /** @returns null for a draft, and where the result was too large to be kept, or cannot be read any more */
  outcomeOf(id: string): Promise<RunOutcome | null> {
    return this.use((archive) => archive.outcomeOf(id));
  }

  /**
   * Deletes entries.
   * @returns what was deleted, which `put` brings back; null where the browser did not delete it
   */
  async remove(entries: readonly HistoryEntry[]): Promise<readonly HistoryRecord[] | null> {
    const records = await this.use((archive) => recordsOf(archive, entries));
    const isRemoved = await this.use((archive) => tryRemoving(archive, entries));
    await this.read();
    return isRemoved ? records : null;
  }

  /**
   * Deletes everything.
   * @returns whether the browser did
   */
  async clear(): Promise<boolean> {
    const isRemoved = await this.use(async (archive) => tryRemoving(archive, await archive.entries()));
    await this.read();
    return isRemoved;
  }

  async put(records: readonly HistoryRecord[]): Promise<void> {
    await this.use(async (archive) => {
      await archive.put(records);
      const entries = await this.readFrom(archive);
      const tooMany = new Set(beyondBounds(entries));
      if (tooMany.size === 0) return;
      await tryRemoving(
        archive,
        entries.filter(({ id }) => tooMany.has(id)),
      );
      await this.readFrom(archive);
    });
  }

  private async readFrom(archive: HistoryArchive): Promise<readonly HistoryEntry[]> {
    const entries = await archive.entries();
    this.kept.set(entries);
    return entries;
  }

  /** A browser without working storage loses the history, never the current script. */
  private async use<T>(work: (archive: HistoryArchive) => Promise<T>): Promise<T> {
    const opening = (this.archive ??= this.open());
    const archive = await opening;
    try {
      return await work(archive);
    } catch (error) {
      // A DOMException: what is stored cannot be read any more.
      if (!archive.isLasting) throw error;
      if (this.archive === opening) this.archive = this.moveToMemory(archive);
      return work(await this.archive);
    }
  }

  private async open(): Promise<HistoryArchive> {
    try {
      const lasting = await this.openArchive();
      const archive = new OverflowArchive(lasting, (isOverflowing) => {
        // A write may end after the archive was replaced.
        if (this.keeps() !== 'visit') this.keeps.set(isOverflowing ? 'earlier-only' : 'lasting');
      });
      archive.onChange(() => void this.read());
      return archive;
    } catch {
      // A DOMException or a ReferenceError where storage is blocked; or the code could not be fetched.
      this.keeps.set('visit');
      return new MemoryArchive();
    }
  }

  /** What has been read stays listed, and what can still be read of the outcomes is kept with it. */
  private async moveToMemory(broken: HistoryArchive): Promise<HistoryArchive> {
    this.keeps.set('visit');
    const memory = new MemoryArchive();
    await memory.put(await recordsOf(broken, this.kept() ?? []));
    return memory;
  }
}

/** An outcome that cannot be read is left out: the scripts are what matters. */
function recordsOf(
  archive: HistoryArchive,
  entries: readonly HistoryEntry[],
): Promise<readonly HistoryRecord[]> {
  return Promise.all(
    entries.map(async (entry) => ({
      entry,
      outcome: await unlessBroken(() => archive.outcomeOf(entry.id), null),
      files: await unlessBroken(() => filesIn(archive, entry), []),
    })),
  );
}

async function filesIn(archive: HistoryArchive, { setup }: HistoryEntry): Promise<HistoryRecord['files']> {
  const files = setup?.files ?? [];
  const contents = await archive.contentsOf(files.map(({ id }) => id));
  return files.map((file) => ({ ...file, content: contents.get(file.id) ?? null }));
}

async function unlessBroken<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read();
  } catch {
    // A DOMException: the storage is broken.
    return otherwise;
  }
}

async function tryRemoving(archive: HistoryArchive, entries: readonly HistoryEntry[]): Promise<boolean> {
  try {
    await archive.remove(entries.map(({ id }) => id));
    return true;
  } catch {
    // A DOMException: the storage can be read and not written.
    return false;
  }
}
