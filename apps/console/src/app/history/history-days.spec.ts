import { draft } from '../../testing/drafts';
import { groupByDay, searchHistory, timeOfDay } from './history-days';
import { type HistoryEntry, recordOfDraft } from './history-entry';

const at = (...moment: [number, number, number, number?, number?]): number => new Date(...moment).getTime();
const entry = (moment: number, script = 'x'): HistoryEntry =>
  recordOfDraft(String(moment), draft(script), moment).entry;

describe('groupByDay', () => {
  it('names the days as a user does', () => {
    const now = at(2024, 2, 1, 0, 5);
    const moments = [now, at(2024, 1, 29, 23, 59), at(2024, 1, 28), at(2024, 1, 5), at(2023, 11, 31)];
    const days = groupByDay(
      moments.map((moment) => entry(moment)),
      now,
    );
    expect(days.map(({ label }) => label)).toEqual([
      'Today',
      'Yesterday',
      'Wednesday, February 28',
      'Monday, February 5',
      'December 31, 2023',
    ]);
  });

  it('keeps the runs of one day together, newest first', () => {
    const now = at(2024, 5, 5, 12);
    const days = groupByDay([entry(now), entry(at(2024, 5, 5, 9)), entry(at(2024, 5, 4, 9))], now);
    expect(days.map(({ entries }) => entries.length)).toEqual([2, 1]);
  });
});

describe('searchHistory', () => {
  const entries = [entry(1, '# Sales\nimport pandas'), entry(2, '# Primes\nimport math')];

  it('finds words of script, title and outcome, in any order and case', () => {
    expect(searchHistory(entries, 'PANDAS sales')).toEqual([entries[0]]);
    expect(searchHistory(entries, 'not run')).toEqual(entries);
    expect(searchHistory(entries, ' ')).toEqual(entries);
    expect(searchHistory(entries, 'pandas math')).toEqual([]);
  });
});

it('tells times of day', () => {
  expect(timeOfDay(at(2024, 0, 1, 7, 5))).toBe('07:05');
});
