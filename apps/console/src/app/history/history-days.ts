import type { HistoryEntry } from './history-entry';

/** The entries of one day. */
export interface HistoryDay {
  readonly label: string;
  readonly entries: readonly HistoryEntry[];
}

const DAY = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' });
const DAY_OF_YEAR = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' });
const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Groups entries, which come newest first, by the user's days. */
export function groupByDay(newestFirst: readonly HistoryEntry[], now: number): HistoryDay[] {
  const days = new Map<string, HistoryEntry[]>();
  for (const entry of newestFirst) {
    const label = dayLabel(entry.at, now);
    const day = days.get(label);
    if (day) day.push(entry);
    else days.set(label, [entry]);
  }
  return Array.from(days, ([label, entries]) => ({ label, entries }));
}

/** What has every word of the search in its script, its title or its outcome. */
export function searchHistory(entries: readonly HistoryEntry[], search: string): readonly HistoryEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries;
  return entries.filter(({ script, title, outcome }) => {
    const text = `${title}\n${outcome?.title ?? 'Not run'}\n${script}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function timeOfDay(at: number): string {
  return TIME.format(at);
}

function dayLabel(at: number, now: number): string {
  const date = new Date(at);
  const today = new Date(now);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return 'Today';
  if (date.toDateString() === yesterday.toDateString()) return 'Yesterday';
  return (date.getFullYear() === today.getFullYear() ? DAY : DAY_OF_YEAR).format(date);
}
