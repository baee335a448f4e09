import type { RunOutcome } from '../api/run-outcome';
import type { FileContent } from '../script/run-setup';
import type { HistoryArchive } from './history-archive';
import { oldestWeighing } from './history-bounds';
import type { HistoryEntry, HistoryRecord } from './history-entry';
import { MemoryArchive } from './memory-archive';

/** The browser's archive, and in memory, until the page is closed, what the browser did not accept. */
export class OverflowArchive implements HistoryArchive {
  readonly isLasting = true;
  private readonly overflow = new MemoryArchive();

  /** @param report is called after each write: whether something had to stay in memory */
  constructor(
    private readonly lasting: HistoryArchive,
    private readonly report: (isOverflowing: boolean) => void,
  ) {}

  async entries(): Promise<readonly HistoryEntry[]> {
    const both = await Promise.all([this.lasting.entries(), this.overflow.entries()]);
    return both.flat().sort((a, b) => b.at - a.at);
  }

  async outcomeOf(id: string): Promise<RunOutcome | null> {
    return (await this.overflow.outcomeOf(id)) ?? this.lasting.outcomeOf(id);
  }

  async contentsOf(ids: readonly string[]): Promise<ReadonlyMap<string, FileContent>> {
    return new Map([...(await this.lasting.contentsOf(ids)), ...(await this.overflow.contentsOf(ids))]);
  }

  /** Never fails: what the browser does not take now is offered to it again with the next ones. */
  async put(records: readonly HistoryRecord[]): Promise<void> {
    const waiting = this.overflow.all();
    try {
      await this.putMakingRoom([...waiting, ...records], waiting.length === 0);
      await this.overflow.remove(waiting.map(({ entry }) => entry.id));
      this.report(false);
    } catch {
      // A DOMException: the storage is full, or broken in a way that leaves what it has to be read.
      await this.overflow.put(records);
      this.report(true);
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.lasting.remove(ids);
    await this.overflow.remove(ids);
  }

  onChange(changed: () => void): void {
    this.lasting.onChange(changed);
  }

  /** @param canEvict only once in a row: a disk that others have filled would cost the whole history for nothing */
  private async putMakingRoom(records: readonly HistoryRecord[], canEvict: boolean): Promise<void> {
    try {
      await this.lasting.put(records);
    } catch (error) {
      if (!canEvict || !isQuotaExceeded(error)) throw error;
      // A character takes one byte or two: the new ones may need twice the room of as many old ones.
      const room = 2 * records.reduce((sum, record) => sum + weightOf(record), 0);
      const oldest = oldestWeighing(await this.lasting.entries(), room);
      if (oldest.length === 0) throw error;
      await this.lasting.remove(oldest);
      await this.lasting.put(records);
    }
  }
}

function weightOf({ entry, files }: HistoryRecord): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, entry.weight);
}

function isQuotaExceeded(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}
