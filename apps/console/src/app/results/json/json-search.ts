import type { SearchRun } from '../finding/match-search';
import type { JsonDocument } from './json-document';

/** Some tenths of a millisecond. */
const VALUES_PER_STEP = 1_000;

/** Finds keys and plain values that contain a text, whatever the case. In steps, since a result may be large. */
export class JsonSearch implements SearchRun {
  private readonly wanted: string;
  private readonly found: number[] = [];
  private at = 0;

  constructor(
    private readonly json: JsonDocument,
    query: string,
  ) {
    this.wanted = query.toLowerCase();
  }

  /** @returns whether all is searched */
  advance(values = VALUES_PER_STEP): boolean {
    const end = Math.min(this.json.count, this.at + values);
    for (; this.at < end; this.at += 1) {
      if (this.matches(this.at)) this.found.push(this.at);
    }
    return this.at >= this.json.count;
  }

  /** In document order. */
  matches(node: number): boolean {
    const key = this.json.key(node);
    if (key?.toLowerCase().includes(this.wanted)) return true;
    return !this.json.isContainer(node) && this.json.plain(node).toLowerCase().includes(this.wanted);
  }

  results(): readonly number[] {
    return this.found;
  }
}
