import type { SearchRun } from './match-search';

/** Some tenths of a millisecond. UTF-16 code units. */
const UNITS_PER_STEP = 100_000;
/** More matches than that are of no use, and each of them is drawn. */
export const MAX_MATCHES = 100_000;

/** Finds a text in a text, whatever the case. In steps, since a program may print much. */
export class TextSearch implements SearchRun {
  private readonly pattern: RegExp;
  private readonly found: number[] = [];
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly query: string,
  ) {
    // A fold of the case never changes how long a text is, as long as it is the simple one of regular expressions.
    this.pattern = new RegExp(query.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`), 'giu');
  }

  get isCut(): boolean {
    return this.found.length >= MAX_MATCHES;
  }

  advance(units = UNITS_PER_STEP): boolean {
    const { text, pattern, query } = this;
    const start = this.at;
    const end = Math.min(text.length, start + units);
    // What begins in this step may end in the next one.
    const part = text.slice(start, end + query.length - 1);
    this.at = end;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(part); match && !this.isCut; match = pattern.exec(part)) {
      this.found.push(start + match.index);
      this.at = Math.max(end, start + match.index + query.length);
    }
    return this.at >= text.length || this.isCut;
  }

  /** Where the matches begin; each is as long as the query. UTF-16 code units. */
  results(): readonly number[] {
    return this.found;
  }
}
