import { type StyledText, StyledTextBuilder, type TextStyle } from '../text/styled-text';
import type { JsonDocument } from '../json/json-document';

/** Places in STYLES. */
const PUNCTUATION = 0;
const KEY = 1;
const STRING = 2;
const NUMBER = 3;
const WORD = 4;
const STYLES: readonly TextStyle[] = ['punctuation', 'key', 'string', 'number', 'word'].map((name) => ({
  className: `json-${name}`,
}));
/** Indented, a text that nests deeply becomes many times as long; then it is better read as it was sent. */
const MAX_LENGTH = 24_000_000;
/** Lists of plain values that fit into so many characters stand in one line. */
const INLINE_LENGTH = 72;
const INDENT = '  ';

function styleIndexOf(json: JsonDocument, node: number): number {
  switch (json.kind(node)) {
    case 'string':
      return STRING;
    case 'number':
      return NUMBER;
    case 'boolean':
    case 'null':
      return WORD;
    case 'object':
    case 'array':
      return PUNCTUATION;
  }
}

/** Writes a result with a line for each value, every value as Python wrote it. In steps, since it may be large. */
export class IndentedJson {
  private readonly builder = new StyledTextBuilder();
  private at = 0;
  /** The containers that are open, innermost last. */
  private readonly open: number[] = [];
  private inlineEnd = 0;

  constructor(private readonly json: JsonDocument) {}

  /** @returns whether everything is written, or the text has become too long */
  advance(values: number): boolean {
    const { json } = this;
    for (let left = values; left > 0; left -= 1) {
      for (
        let top = this.open.at(-1);
        top !== undefined && json.next(top) === this.at;
        top = this.open.at(-1)
      ) {
        this.close(top);
      }
      if (this.at >= json.count || this.builder.length > MAX_LENGTH) return true;
      this.write(this.at);
      this.at += 1;
    }
    return false;
  }

  /** @returns null where it would be too long */
  text(): StyledText | null {
    return this.builder.length > MAX_LENGTH ? null : this.builder.build(STYLES);
  }

  private write(node: number): void {
    const { json, builder } = this;
    const isFirst = json.ordinal(node) === 0;
    if (node !== json.root) {
      if (!isFirst) builder.append(',', PUNCTUATION);
      if (node >= this.inlineEnd) this.breakLine();
      else if (!isFirst) builder.append(' ', PUNCTUATION);
    }
    const keyStart = json.keyStart(node);
    if (keyStart !== -1) {
      builder.append(json.text.slice(keyStart, json.keyEnd(keyStart)), KEY);
      builder.append(': ', PUNCTUATION);
    }
    if (!json.isContainer(node)) {
      builder.append(json.raw(node), styleIndexOf(json, node));
    } else if (json.size(node) === 0) {
      builder.append(json.kind(node) === 'array' ? '[]' : '{}', PUNCTUATION);
    } else {
      builder.append(json.kind(node) === 'array' ? '[' : '{', PUNCTUATION);
      this.open.push(node);
      if (this.fitsLine(node)) this.inlineEnd = json.next(node);
    }
  }

  private close(node: number): void {
    this.open.pop();
    if (this.json.next(node) > this.inlineEnd || !this.fitsLine(node)) this.breakLine();
    this.builder.append(this.json.kind(node) === 'array' ? ']' : '}', PUNCTUATION);
  }

  private fitsLine(node: number): boolean {
    const { json } = this;
    const isFlat = json.next(node) - node - 1 === json.size(node);
    return json.kind(node) === 'array' && isFlat && json.end(node) - json.start(node) <= INLINE_LENGTH;
  }

  private breakLine(): void {
    this.builder.append(`\n${INDENT.repeat(this.open.length)}`, PUNCTUATION);
  }
}

/** The result as it was sent, with the styles of its pieces. In steps, since it may be large. */
export class JsonAsSent {
  private readonly builder = new StyledTextBuilder();
  private at = 0;

  constructor(private readonly json: JsonDocument) {
    this.builder.mark(0, PUNCTUATION);
  }

  /** @returns whether all is read */
  advance(values: number): boolean {
    const { json, builder } = this;
    const end = Math.min(json.count, this.at + values);
    for (; this.at < end; this.at += 1) {
      const keyStart = json.keyStart(this.at);
      if (keyStart !== -1) {
        builder.mark(keyStart, KEY);
        builder.mark(json.keyEnd(keyStart), PUNCTUATION);
      }
      if (!json.isContainer(this.at)) {
        builder.mark(json.start(this.at), styleIndexOf(json, this.at));
        builder.mark(json.end(this.at), PUNCTUATION);
      }
    }
    return this.at >= json.count;
  }

  text(): StyledText {
    return this.builder.build(STYLES, this.json.text);
  }
}
