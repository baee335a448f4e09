import { KEPT_MS, KeyLabels, MOST_KEYS, OTHER_KEYS } from './key-labels';

const names = (count: number): string[] => Array.from({ length: count }, (_, number) => `key-${number}`);

describe('KeyLabels', () => {
  let labels: KeyLabels;

  beforeEach(() => {
    labels = new KeyLabels();
  });

  it('labels callers with their keys, and those without one with nothing', () => {
    expect([labels.of('shop'), labels.of(null)]).toEqual(['shop', '']);
  });

  it('has those beyond the bound share a label, and those before it keep theirs', () => {
    labels.update(names(MOST_KEYS), 0);
    expect(labels.of('one-more')).toBe(OTHER_KEYS);
    expect(labels.of('other')).toBe(OTHER_KEYS);
    expect(OTHER_KEYS).toBe('(other)');
    expect(labels.of('key-0')).toBe('key-0');
    expect(labels.update(names(MOST_KEYS + 5), 1).added).toEqual([]);
  });

  it('tells of each new key once', () => {
    expect(labels.update(['shop', 'school'], 0).added).toEqual(['shop', 'school']);
    expect(labels.update(['shop', 'school', 'lab'], 1).added).toEqual(['lab']);
  });

  it('keeps what was taken away for an hour, and makes room then', () => {
    labels.update(names(MOST_KEYS), 0);
    const left = names(MOST_KEYS).slice(1);
    expect(labels.update(left, 1_000).removed.size).toBe(0);
    expect(labels.update(left, 1_000 + KEPT_MS - 1).removed.size).toBe(0);
    expect(labels.of('new')).toBe(OTHER_KEYS);
    expect([...labels.update(left, 1_000 + KEPT_MS).removed]).toEqual(['key-0']);
    expect(labels.of('new')).toBe('new');
  });

  it('forgets nothing of a key that came back in time', () => {
    labels.update(['shop'], 0);
    labels.update([], 1);
    labels.update(['shop'], 2);
    labels.update([], KEPT_MS + 1);
    expect(labels.update([], 2 * KEPT_MS).removed.size).toBe(0);
  });
});
