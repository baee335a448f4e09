import { PLAIN_SETUP } from '../script/run-setup';
import { draft } from '../../testing/drafts';
import { beyondBounds, HISTORY_BOUNDS, oldestWeighing } from './history-bounds';
import { type HistoryEntry, recordOfDraft } from './history-entry';

const entries = (weights: readonly number[]): HistoryEntry[] =>
  weights.map((weight, index) => ({ ...recordOfDraft(String(index), draft('x'), 0).entry, weight }));

describe('beyondBounds', () => {
  it('leaves everything within the bounds', () => {
    expect(beyondBounds(entries([1, 2, 3]))).toEqual([]);
  });

  it('names the oldest of too many', () => {
    expect(beyondBounds(entries([1, 1, 1, 1]), { entries: 2, weight: 100 })).toEqual(['2', '3']);
    expect(beyondBounds(entries(Array<number>(202).fill(1)))).toEqual(['200', '201']);
  });

  it('names the oldest of what is too heavy together', () => {
    expect(beyondBounds(entries([40, 40, 40, 1]), { entries: 10, weight: 100 })).toEqual(['2', '3']);
  });

  it('names as many of the oldest as weigh something, and none where that cannot be had', () => {
    expect(oldestWeighing(entries([5, 3, 4]), 6)).toEqual(['2', '1']);
    expect(oldestWeighing(entries([5, 3, 4]), 4)).toEqual(['2']);
    expect(oldestWeighing(entries([5, 3, 4]), 13)).toEqual([]);
    expect(oldestWeighing([], 1)).toEqual([]);
  });

  it('never names the newest', () => {
    expect(beyondBounds(entries([HISTORY_BOUNDS.weight + 1]))).toEqual([]);
  });
});

describe('files of runs', () => {
  const withFile = (id: string, sizeBytes: number): HistoryEntry => {
    const setup = { ...PLAIN_SETUP, files: [{ id, name: 'a', sizeBytes, content: null }] };
    return { ...recordOfDraft(id, { ...draft('x'), setup }, 0).entry, weight: 1 };
  };

  it('weigh once, however many runs had them', () => {
    const bounds = { entries: 10, weight: 100 };
    expect(beyondBounds([withFile('a', 60), withFile('a', 60), withFile('a', 60)], bounds)).toEqual([]);
    expect(beyondBounds([withFile('a', 60), withFile('b', 60)], bounds)).toEqual(['b']);
  });
});
