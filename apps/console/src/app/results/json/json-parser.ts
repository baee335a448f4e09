import { JsonDocument, type JsonNodes } from './json-document';
import { endOfNumber, endOfString, JsonSyntaxError, skipSpace } from './json-scanner';

export { JsonSyntaxError } from './json-scanner';

/** Deeper than any result may nest; what walks the tree by recursion relies on it. */
const MAX_DEPTH = 1_000;
const OBJECT = 0;
const ARRAY = 1;
const STRING = 2;
const NUMBER = 3;
const BOOLEAN = 4;
const NULL = 5;

const COLUMNS = ['starts', 'ends', 'nexts', 'parents', 'ordinals', 'sizes', 'keyStarts'] as const;

/** What must come next. */
type Expectation = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'separator';

/**
 * Indexes a JSON text in steps, so that a large one need not block the page. Strict, except that it does not look
 * for lone surrogates. It keeps a stack in the arrays, not the engine's.
 */
export class JsonParser {
  private at = 0;
  private open = -1;
  private depth = 0;
  private count = 0;
  private keyStart = -1;
  private expected: Expectation = 'value';
  private kinds: Uint8Array<ArrayBuffer>;
  private columns: Record<(typeof COLUMNS)[number], Int32Array<ArrayBuffer>>;

  constructor(private readonly text: string) {
    const capacity = Math.max(16, Math.ceil(text.length / 12));
    this.kinds = new Uint8Array(capacity);
    this.columns = {
      starts: new Int32Array(capacity),
      ends: new Int32Array(capacity),
      nexts: new Int32Array(capacity),
      parents: new Int32Array(capacity),
      ordinals: new Int32Array(capacity),
      sizes: new Int32Array(capacity),
      keyStarts: new Int32Array(capacity),
    };
  }

  /**
   * @param tokens at most how many keys, values and separators to read
   * @returns whether the text is read to its end
   * @throws JsonSyntaxError where the text is no JSON
   */
  advance(tokens: number): boolean {
    const { text } = this;
    for (let left = tokens; left > 0; left -= 1) {
      this.at = skipSpace(text, this.at);
      const code = text.charCodeAt(this.at);
      switch (this.expected) {
        case 'separator':
          if (this.open === -1) {
            if (this.at < text.length) throw new JsonSyntaxError(this.at);
            return true;
          }
          this.readSeparator(code);
          break;
        case 'key-or-end':
        case 'key':
          if (code === 0x7d && this.expected === 'key-or-end') this.close();
          else this.readKey(code);
          break;
        case 'value-or-end':
          if (code === 0x5d) this.close();
          else this.readValue(code);
          break;
        case 'value':
          this.readValue(code);
          break;
      }
    }
    return false;
  }

  /** To be asked for when `advance` has returned true. */
  document(): JsonDocument {
    const nodes: JsonNodes = { count: this.count, kinds: this.kinds, ...this.columns };
    return new JsonDocument(this.text, nodes);
  }

  private readSeparator(code: number): void {
    const isObject = this.kinds[this.open] === OBJECT;
    if (code === 0x2c) {
      this.at += 1;
      this.expected = isObject ? 'key' : 'value';
    } else if (code === (isObject ? 0x7d : 0x5d)) {
      this.close();
    } else {
      throw new JsonSyntaxError(this.at);
    }
  }

  private readKey(code: number): void {
    if (code !== 0x22) throw new JsonSyntaxError(this.at);
    this.keyStart = this.at;
    const colon = skipSpace(this.text, endOfString(this.text, this.at));
    if (this.text.charCodeAt(colon) !== 0x3a) throw new JsonSyntaxError(colon);
    this.at = colon + 1;
    this.expected = 'value';
  }

  private readValue(code: number): void {
    const { text, at } = this;
    switch (code) {
      case 0x22:
        this.add(STRING, endOfString(text, at));
        break;
      case 0x7b:
        this.descend(OBJECT);
        break;
      case 0x5b:
        this.descend(ARRAY);
        break;
      case 0x74:
        this.add(BOOLEAN, this.endOfWord('true'));
        break;
      case 0x66:
        this.add(BOOLEAN, this.endOfWord('false'));
        break;
      case 0x6e:
        this.add(NULL, this.endOfWord('null'));
        break;
      default:
        this.add(NUMBER, endOfNumber(text, at));
        break;
    }
  }

  private endOfWord(word: string): number {
    if (!this.text.startsWith(word, this.at)) throw new JsonSyntaxError(this.at);
    return this.at + word.length;
  }

  private add(kind: number, end: number): void {
    if (this.count === this.kinds.length) this.grow();
    const { columns, count: node, open } = this;
    this.kinds[node] = kind;
    columns.starts[node] = this.at;
    columns.ends[node] = end;
    columns.nexts[node] = node + 1;
    columns.parents[node] = open;
    columns.keyStarts[node] = this.keyStart;
    if (open !== -1) {
      const ordinal = columns.sizes[open] ?? 0;
      columns.ordinals[node] = ordinal;
      columns.sizes[open] = ordinal + 1;
    }
    this.keyStart = -1;
    this.count = node + 1;
    this.at = end;
    this.expected = 'separator';
  }

  private descend(kind: number): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new JsonSyntaxError(this.at);
    const node = this.count;
    this.add(kind, this.at + 1);
    this.open = node;
    this.expected = kind === OBJECT ? 'key-or-end' : 'value-or-end';
  }

  private close(): void {
    const { columns, open } = this;
    this.at += 1;
    columns.ends[open] = this.at;
    columns.nexts[open] = this.count;
    this.open = columns.parents[open] ?? -1;
    this.depth -= 1;
    this.expected = 'separator';
  }

  private grow(): void {
    const capacity = this.kinds.length * 2;
    const kinds = new Uint8Array(capacity);
    kinds.set(this.kinds);
    this.kinds = kinds;
    for (const name of COLUMNS) {
      const column = new Int32Array(capacity);
      column.set(this.columns[name]);
      this.columns[name] = column;
    }
  }
}

/**
 * Indexes a text at once; a large one is better read in steps.
 *
 * @throws JsonSyntaxError where the text is no JSON
 */
export function parseJson(text: string): JsonDocument {
  const parser = new JsonParser(text);
  // Every step reads something, so this ends.
  while (!parser.advance(Number.MAX_SAFE_INTEGER)) continue;
  return parser.document();
}
