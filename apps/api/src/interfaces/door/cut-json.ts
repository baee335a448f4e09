import { isUtf8 } from 'node:buffer';
import { JsonText, JsonTextError } from '../../bodies/json-text';
import { readKey, readRest, readValue, type ValueWatch } from '../../bodies/json-value';
import { atOnceOrInSlices, type Sliced } from '../../bodies/slices';

const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
/** More of a key is not read: no member that is wanted has so long a name. */
const KEY_BYTES = 256;

/** The text is none from which something can be cut. */
export class UncutJson extends Error {
  override readonly name = 'UncutJson';

  /** @param reason `syntax`: it is not JSON; `bounds`: what is around the object is too much, or ambiguous */
  constructor(
    readonly reason: 'syntax' | 'bounds',
    message: string,
  ) {
    super(message);
  }
}

/** Bounds of what is parsed. */
export interface CutBounds {
  readonly maxBytes: number;
  /** Levels of lists and objects. */
  readonly maxDepth: number;
}

/** A JSON value without one object in it. */
export interface CutJson {
  /** The value, in which the object is an empty one. */
  readonly around: unknown;
  /** The text of the object as it came, which has been found to be JSON; null where there is none. It lies in the bytes given. */
  readonly cut: Buffer | null;
}

/** Where it lies; null where there is none. */
type Place = readonly [start: number, end: number] | null;

/**
 * Cuts one object out of a JSON text: it stays the bytes that came, so that digits survive and what is large is not parsed
 * here. Reads large texts in slices.
 * @param path names of members from the outermost object to the one that is cut
 * @param goOn called between slices; what it throws ends the work
 * @throws UncutJson
 */
export async function cutJson(
  bytes: Buffer,
  path: readonly string[],
  bounds: CutBounds,
  goOn: () => void,
): Promise<CutJson> {
  if (!isUtf8(bytes)) {
    throw new UncutJson('syntax', 'it is not UTF-8');
  }
  const json = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? bytes.subarray(BYTE_ORDER_MARK.length)
    : bytes;
  const place = await placeIn(json, path, bounds, goOn);
  const [start, end] = place ?? [json.length, json.length];
  const { maxBytes } = bounds;
  if (json.length - (end - start) > maxBytes) {
    throw new UncutJson('bounds', `it has more than ${maxBytes} bytes besides ${path.join('.')}`);
  }
  const before = json.toString('utf8', 0, start);
  const text = place ? `${before}{}${json.toString('utf8', end)}` : before;
  return { around: JSON.parse(text) as unknown, cut: place && json.subarray(...place) };
}

async function placeIn(
  json: Buffer,
  path: readonly string[],
  bounds: CutBounds,
  goOn: () => void,
): Promise<Place> {
  try {
    return await atOnceOrInSlices(new ObjectSearch(json, path, bounds).find(), goOn);
  } catch (error) {
    throw error instanceof JsonTextError ? new UncutJson('syntax', error.message) : error;
  }
}

/** Who takes what is cut looks at it. */
const UNWATCHED: ValueWatch = {
  open: () => undefined,
  next: () => undefined,
  key: () => null,
  pause: () => undefined,
};

/** Finds the object at a path, and reads all that is around it. */
class ObjectSearch {
  private readonly text: JsonText;

  constructor(
    json: Buffer,
    private readonly path: readonly string[],
    private readonly bounds: CutBounds,
  ) {
    this.text = new JsonText(json);
  }

  /** @throws JsonTextError, UncutJson */
  *find(): Sliced<Place> {
    yield* this.space();
    const place = yield* this.below(0);
    yield* this.space();
    if (this.text.peek() !== undefined) {
      this.text.fail();
    }
    return place;
  }

  /** Reads the value that begins here, to which so many steps of the path have led. */
  private *below(steps: number): Sliced<Place> {
    const { text } = this;
    const start = text.at;
    if (text.peek() !== OPEN_BRACE) {
      yield* readValue(text, this.around(steps));
      return null;
    }
    if (steps === this.path.length) {
      yield* readValue(text, UNWATCHED);
      return [start, text.at];
    }
    return yield* this.member(steps);
  }

  private *member(steps: number): Sliced<Place> {
    const { text } = this;
    const wanted = this.path[steps];
    let place: Place = null;
    let count = 0;
    let hits = 0;
    text.at++;
    yield* this.space();
    while (text.peek() !== CLOSE_BRACE) {
      if (count++ > 0) {
        text.expect(COMMA);
        yield* this.space();
      }
      yield* readKey(text, () => null);
      if (this.lastKey() !== wanted) {
        yield* readValue(text, this.around(steps + 1));
      } else if (++hits > 1) {
        throw new UncutJson('bounds', `it has the member ${wanted} twice`);
      } else {
        place = yield* this.below(steps + 1);
      }
      yield* this.space();
    }
    text.at++;
    return place;
  }

  /** Bounds how deep a value nests that will be parsed. */
  private around(steps: number): ValueWatch {
    const { maxDepth } = this.bounds;
    const open = (depth: number): void => {
      if (steps + depth > maxDepth) {
        throw new UncutJson(
          'bounds',
          `it nests deeper than ${maxDepth} levels besides ${this.path.join('.')}`,
        );
      }
    };
    return { ...UNWATCHED, open };
  }

  /** The key that was read last, or the beginning of a long one. */
  private lastKey(): string {
    const { bytes, stringStart, stringEnd, isEscaped } = this.text;
    return stringEnd - stringStart > KEY_BYTES || !isEscaped
      ? bytes.toString('utf8', stringStart, Math.min(stringEnd, stringStart + KEY_BYTES))
      : (JSON.parse(bytes.toString('utf8', stringStart - 1, stringEnd + 1)) as string);
  }

  private *space(): Sliced<void> {
    if (!this.text.skipSpace()) {
      yield* readRest(this.text);
    }
  }
}
