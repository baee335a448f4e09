import { endOfString } from './json-scan';

/**
 * What becomes of integers that a `number` cannot hold exactly, those beyond ±(2^53 - 1). `number`: the nearest number, as
 * `JSON.parse` has it. `bigint`: a `bigint` with all digits. All other numbers are `number` in both.
 */
export type IntegerReading = 'number' | 'bigint';

/** An integer of 16 digits or more; whether it stands in a string is seen when it is read. */
const LONG_INTEGER = /\d{16}/;
const INTEGER = /^-?\d+$/;
const PLAIN = /[^\s,\]}]+/y;
const SPACE = /[\s,:]*/y;

/**
 * Parses a JSON text.
 *
 * @throws SyntaxError where it is none
 */
export function parseJson(text: string, integers: IntegerReading): unknown {
  const value: unknown = JSON.parse(text);
  // The slow reader sees only texts that JSON.parse has taken: what it need not check, it does not.
  return integers === 'bigint' && LONG_INTEGER.test(text) ? new ExactReader(text).read() : value;
}

type Container = unknown[] | Record<string, unknown>;

/** Reads a valid JSON text without recursion: the text may nest as deep as JSON.parse allows. */
class ExactReader {
  private at = 0;

  constructor(private readonly text: string) {}

  read(): unknown {
    const stack: Container[] = [];
    let key: string | null = null;
    for (;;) {
      this.skip(SPACE);
      const character = this.text.charAt(this.at);
      let value: unknown;
      if (character === '{' || character === '[') {
        this.at += 1;
        const container: Container = character === '{' ? {} : [];
        put(stack.at(-1), key, container);
        key = null;
        stack.push(container);
        continue;
      } else if (character === '}' || character === ']') {
        this.at += 1;
        value = stack.pop();
      } else {
        const top = stack.at(-1);
        value = this.scalar(character);
        if (top && !Array.isArray(top) && key === null) {
          key = value as string;
          continue;
        }
        put(top, key, value);
        key = null;
      }
      if (stack.length === 0) {
        return value;
      }
    }
  }

  private scalar(first: string): unknown {
    const start = this.at;
    if (first === '"') {
      this.at = endOfString(this.text, start) ?? this.text.length;
      return JSON.parse(this.text.slice(start, this.at));
    }
    this.skip(PLAIN);
    const token = this.text.slice(start, this.at);
    const value: unknown = JSON.parse(token);
    return INTEGER.test(token) && !Number.isSafeInteger(value) ? BigInt(token) : value;
  }

  private skip(pattern: RegExp): void {
    pattern.lastIndex = this.at;
    pattern.exec(this.text);
    this.at = pattern.lastIndex;
  }
}

function put(container: Container | undefined, key: string | null, value: unknown): void {
  if (Array.isArray(container)) {
    container.push(value);
  } else if (container && key !== null) {
    // Not by assignment: `__proto__` is a key like any other, as JSON.parse has it.
    Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
  }
}
