import type { RunOutcome } from '../api/run-outcome';
import type { FileContent } from '../script/run-setup';
import type { HistoryArchive } from './history-archive';
import type { HistoryEntry, HistoryRecord } from './history-entry';

/** Keeps the history as long as the page, where the browser keeps nothing. */
export class MemoryArchive implements HistoryArchive {
  readonly isLasting = false;
  private readonly records = new Map<string, HistoryRecord>();

  entries(): Promise<readonly HistoryEntry[]> {
    const entries = Array.from(this.records.values(), ({ entry }) => entry);
    return Promise.resolve(entries.sort((a, b) => b.at - a.at));
  }

  all(): readonly HistoryRecord[] {
    return Array.from(this.records.values());
  }

  outcomeOf(id: string): Promise<RunOutcome | null> {
    return Promise.resolve(this.records.get(id)?.outcome ?? null);
  }

  contentsOf(ids: readonly string[]): Promise<ReadonlyMap<string, FileContent>> {
    const contents = new Map<string, FileContent>();
    for (const { files } of this.records.values()) {
      for (const { id, content } of files) if (content && ids.includes(id)) contents.set(id, content);
    }
    return Promise.resolve(contents);
  }

  put(records: readonly HistoryRecord[]): Promise<void> {
    for (const record of records) this.records.set(record.entry.id, record);
    return Promise.resolve();
  }

  remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.records.delete(id);
    return Promise.resolve();
  }

  /** No other tab sees it. */
  onChange(_changed: () => void): void {
    return;
  }
}
