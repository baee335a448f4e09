import { draft } from '../../testing/drafts';
import { ComparisonChoice } from './comparison-choice';
import { type HistoryEntry, recordOfDraft } from './history-entry';

const entry = (at: number): HistoryEntry => recordOfDraft(String(at), draft('x'), at).entry;

describe('ComparisonChoice', () => {
  it('has a pair when two are picked, the older one first', () => {
    const choice = new ComparisonChoice();
    choice.toggle(entry(9));
    expect(choice.pair()).toBeNull();
    choice.toggle(entry(4));
    expect(choice.pair()).toMatchObject({ before: { at: 4 }, after: { at: 9 } });
  });

  it('lets the first go when a third is picked', () => {
    const choice = new ComparisonChoice();
    for (const at of [1, 2, 3]) choice.toggle(entry(at));
    expect([1, 2, 3].map((at) => choice.has(entry(at)))).toEqual([false, true, true]);
  });

  it('lets go of what is picked again, or deleted', () => {
    const choice = new ComparisonChoice();
    choice.toggle(entry(1));
    choice.toggle(entry(2));
    choice.toggle(entry(1));
    choice.drop(entry(2));
    expect(choice.count()).toBe(0);
  });
});
