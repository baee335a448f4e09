import type { JsonText } from './json-text';
import type { Sliced } from './slices';

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Small tokens take longer than their bytes say. */
const TOKEN_CHARGE_BYTES = 16;

/** Who looks at what is read of a value. Each may throw, to refuse it. */
export interface ValueWatch {
  /** A list or an object begins, so many levels deep; the outermost one is at level 1. */
  open(depth: number): void;
  /** One more value or member follows in it. */
  next(): void;
  /** The key of a member was read: the text's string. What takes long is returned. */
  key(depth: number): Sliced<void> | null;
  /** After each slice. */
  pause(): void;
}

// Each token is read by a plain call, and by a generator only where it goes beyond the slice: inputs may have a hundred
// thousand of them.

/** Reads the rest of a token, after a reader of the text has returned false. */
export function* readRest(text: JsonText): Sliced<void> {
  do {
    yield;
  } while (!text.resume());
}

/** Reads the key of a member up to its value; the text's string is the key until then. */
export function* readKey(text: JsonText, seen: () => Sliced<void> | null): Sliced<void> {
  if (!text.readString()) {
    yield* readRest(text);
  }
  const more = seen();
  if (more) {
    yield* more;
  }
  if (!text.skipSpace()) {
    yield* readRest(text);
  }
  text.expect(COLON);
  if (!text.skipSpace()) {
    yield* readRest(text);
  }
}

/** Reads one value of any depth, which begins here, and keeps nothing of it. */
export function* readValue(text: JsonText, watch: ValueWatch): Sliced<void> {
  /** For each level, the byte that closes it. */
  const closing: number[] = [0];
  let depth = 0;
  const seen = (): Sliced<void> | null => watch.key(depth);
  for (;;) {
    const byte = text.peek();
    const opens = byte === OPEN_BRACE || byte === OPEN_BRACKET;
    text.charge(TOKEN_CHARGE_BYTES);
    if (opens) {
      text.at++;
      closing[++depth] = byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      watch.open(depth);
    } else if (!text.readScalar()) {
      yield* readRest(text);
    }
    // What has been opened has a first value, and no comma before it.
    let isFirst = opens;
    for (;;) {
      if (text.isSliceOver) {
        watch.pause();
        yield;
        text.beginSlice();
      }
      if (depth === 0) {
        return;
      }
      if (!text.skipSpace()) {
        yield* readRest(text);
      }
      if (text.peek() !== closing[depth]) {
        break;
      }
      text.at++;
      depth--;
      isFirst = false;
    }
    if (!isFirst) {
      text.expect(COMMA);
      watch.next();
      if (!text.skipSpace()) {
        yield* readRest(text);
      }
    }
    if (closing[depth] === CLOSE_BRACE) {
      yield* readKey(text, seen);
    }
  }
}
