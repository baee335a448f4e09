import type { RunOutcome } from '../api/run-outcome';
import type { HistoryEntry, HistoryRecord } from './history-entry';

/** Where the history is kept. Everything may reject: a browser can take its storage away at any moment. */
export interface HistoryArchive {
  /** Whether it outlives the page. */
  readonly isLasting: boolean;
  /** Newest first. */
  entries(): Promise<readonly HistoryEntry[]>;
  outcomeOf(id: string): Promise<RunOutcome | null>;
  put(records: readonly HistoryRecord[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Calls back when another tab has changed it. */
  onChange(changed: () => void): void;
}
