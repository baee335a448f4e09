import type { JsonDocument } from '../json/json-document';

/** The keys of records, in the order in which they are first seen. */
export class RecordKeys {
  private readonly found: string[] = [];
  private readonly places = new Map<string, number>();
  /** By the place of a member in its record: where its key was the last time, and how it is written there. */
  private readonly guesses: { place: number; raw: string }[] = [];

  constructor(private readonly json: JsonDocument) {}

  get names(): readonly string[] {
    return this.found;
  }

  /** @returns which of the keys a member has */
  placeOf(member: number): number {
    const { json } = this;
    const ordinal = json.ordinal(member);
    const start = json.keyStart(member);
    // Records mostly have the same keys in the same order: then no text is cut out and looked up.
    const guess = this.guesses[ordinal];
    if (guess && json.text.startsWith(guess.raw, start)) return guess.place;
    const key = json.key(member) ?? '';
    let place = this.places.get(key);
    if (place === undefined) {
      place = this.found.push(key) - 1;
      this.places.set(key, place);
    }
    this.guesses[ordinal] = { place, raw: json.text.slice(start, json.keyEnd(start)) };
    return place;
  }
}
