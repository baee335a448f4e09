import { computed, inject, Injectable, signal } from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import { type HistoryArchive, OPEN_ARCHIVE } from './history-archive';
import { beyondBounds } from './history-bounds';
import {
  type FinishedRun,
  type HistoryEntry,
  type HistoryRecord,
  recordOfDraft,
  recordOfRun,
} from './history-entry';
import { MemoryArchive } from './memory-archive';

/** Every run of this browser, and the scripts that were replaced before they were run. */
@Injectable({ providedIn: 'root' })
export class HistoryStore {
  private readonly openArchive = inject(OPEN_ARCHIVE);
  private readonly kept = signal<readonly HistoryEntry[] | null>(null);
  private readonly lasting = signal(true);
  private archive: Promise<HistoryArchive> | null = null;

  /** Newest first; null until they have been read. */
  readonly entries = this.kept.asReadonly();
  readonly count = computed(() => this.kept()?.length ?? 0);
  /** False where the browser keeps nothing: then the history is one of this visit. */
  readonly isLasting = this.lasting.asReadonly();

  /** Reads what was kept. */
  async read(): Promise<void> {
    await this.use((archive) => this.readFrom(archive));
  }

  async addRun(run: FinishedRun): Promise<void> {
    await this.put([recordOfRun(newId(), run)]);
  }

  /** Puts away a script that is about to be replaced, unless the newest entry has it already. */
  async addDraft(script: string): Promise<void> {
    await this.read();
    if (this.kept()?.[0]?.script === script) return;
    await this.put([recordOfDraft(newId(), script, Date.now())]);
  }

  /** @returns null for a draft, and where the result was too large to be kept */
  outcomeOf(id: string): Promise<RunOutcome | null> {
    return this.use((archive) => archive.outcomeOf(id));
  }

  /**
   * Deletes entries.
   * @returns what was deleted, which `put` brings back
   */
  async remove(entries: readonly HistoryEntry[]): Promise<readonly HistoryRecord[]> {
    return this.use(async (archive) => {
      const records = await Promise.all(
        entries.map(async (entry) => ({ entry, outcome: await archive.outcomeOf(entry.id) })),
      );
      await archive.remove(entries.map(({ id }) => id));
      await this.readFrom(archive);
      return records;
    });
  }

  /** Deletes everything. */
  async clear(): Promise<void> {
    await this.use(async (archive) => {
      await archive.remove((await archive.entries()).map(({ id }) => id));
      await this.readFrom(archive);
    });
  }

  async put(records: readonly HistoryRecord[]): Promise<void> {
    await this.use(async (archive) => {
      await archive.put(records);
      const tooMany = beyondBounds(await this.readFrom(archive));
      if (tooMany.length === 0) return;
      await archive.remove(tooMany);
      await this.readFrom(archive);
    });
  }

  private async readFrom(archive: HistoryArchive): Promise<readonly HistoryEntry[]> {
    const entries = await archive.entries();
    this.kept.set(entries);
    return entries;
  }

  /** A browser that keeps nothing, or stops to, costs the past, never the present. */
  private async use<T>(work: (archive: HistoryArchive) => Promise<T>): Promise<T> {
    const archive = await (this.archive ??= this.open());
    try {
      return await work(archive);
    } catch (error) {
      // A DOMException: storage is full, was taken away, or is broken.
      if (!archive.isLasting) throw error;
      this.archive = Promise.resolve(this.forget());
      return work(await this.archive);
    }
  }

  private async open(): Promise<HistoryArchive> {
    try {
      const archive = await this.openArchive();
      archive.onChange(() => void this.read());
      return archive;
    } catch {
      // A DOMException or a ReferenceError where storage is blocked; or the code could not be fetched.
      return this.forget();
    }
  }

  private forget(): HistoryArchive {
    this.lasting.set(false);
    return new MemoryArchive();
  }
}

/** `crypto.randomUUID` exists only where the page came by https or from this machine. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}
