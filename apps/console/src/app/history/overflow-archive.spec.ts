import { draft } from '../../testing/drafts';
import type { HistoryRecord } from './history-entry';
import { recordOfDraft } from './history-entry';
import { MemoryArchive } from './memory-archive';
import { OverflowArchive } from './overflow-archive';

/** Takes scripts of so many characters together, as a browser does whose storage has bounds; or none at all. */
class BoundedArchive extends MemoryArchive {
  room = Number.POSITIVE_INFINITY;
  failure: DOMException | null = null;

  override put(records: readonly HistoryRecord[]): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    const used = [...this.all(), ...records].reduce((sum, { entry }) => sum + entry.weight, 0);
    if (used > this.room) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
    return super.put(records);
  }
}

describe('OverflowArchive', () => {
  let lasting: BoundedArchive;
  let archive: OverflowArchive;
  let isOverflowing: boolean | null;

  const put = (at: number, length: number): Promise<void> =>
    archive.put([recordOfDraft(String(at), draft('x'.repeat(length)), at)]);
  const ids = async (of: MemoryArchive | OverflowArchive): Promise<string[]> =>
    (await of.entries()).map(({ id }) => id);

  beforeEach(() => {
    isOverflowing = null;
    lasting = new BoundedArchive();
    archive = new OverflowArchive(lasting, (is) => (isOverflowing = is));
  });

  it('makes room by the oldest where the storage is full', async () => {
    lasting.room = 100;
    for (const at of [1, 2, 3, 4, 5]) await put(at, 20);
    await put(6, 30);
    expect(await ids(lasting)).toEqual(['6', '5', '4']);
    expect(isOverflowing).toBe(false);
  });

  it('keeps the earlier ones, and lists the new one beside them, where making room does not help', async () => {
    for (const at of [1, 2, 3]) await put(at, 10);
    lasting.room = 0;
    await put(4, 10);
    await put(5, 10);
    await put(6, 10);
    expect(await ids(archive)).toEqual(['6', '5', '4', '3']);
    expect(await ids(lasting)).toEqual(['3']);
    expect(isOverflowing).toBe(true);
  });

  it('evicts nothing for a run that is larger than everything that could go', async () => {
    await put(1, 10);
    lasting.room = 15;
    await put(2, 100);
    expect(await ids(lasting)).toEqual(['1']);
    expect(await ids(archive)).toEqual(['2', '1']);
    expect(isOverflowing).toBe(true);
  });

  it('evicts nothing for a failure that room would not mend', async () => {
    await put(1, 10);
    lasting.failure = new DOMException('broken', 'UnknownError');
    await put(2, 10);
    expect(await ids(archive)).toEqual(['2', '1']);
    expect(isOverflowing).toBe(true);
  });

  it('hands over what waited as soon as the storage takes it', async () => {
    lasting.failure = new DOMException('broken', 'UnknownError');
    await put(1, 10);
    lasting.failure = null;
    await put(2, 10);
    expect(await ids(lasting)).toEqual(['2', '1']);
    expect(await ids(archive)).toEqual(['2', '1']);
    expect(isOverflowing).toBe(false);
  });

  it('deletes what waits as well as what is kept', async () => {
    await put(1, 10);
    lasting.failure = new DOMException('broken', 'UnknownError');
    await put(2, 10);
    await archive.remove(['1', '2']);
    expect(await ids(archive)).toEqual([]);
  });
});
