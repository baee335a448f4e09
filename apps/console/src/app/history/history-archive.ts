import type { RunOutcome } from '../api/run-outcome';
import type { FileContent } from '../script/run-setup';
import type { HistoryEntry, HistoryRecord } from './history-entry';

/** Where the history is kept. Everything may reject: a browser can take its storage away at any moment. */
export interface HistoryArchive {
  /** Whether it outlives the page. */
  readonly isLasting: boolean;
  /** Newest first. */
  entries(): Promise<readonly HistoryEntry[]>;
  outcomeOf(id: string): Promise<RunOutcome | null>;
  /** Contents of attached files, by the ids of those; what is not there any more is left out. */
  contentsOf(ids: readonly string[]): Promise<ReadonlyMap<string, FileContent>>;
  put(records: readonly HistoryRecord[]): Promise<void>;
  /** Contents of files that no other entry has go as well. */
  remove(ids: readonly string[]): Promise<void>;
  /** Calls back when another tab has changed it. */
  onChange(changed: () => void): void;
}
