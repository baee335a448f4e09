import type { ParameterSchema, ParametersSchema } from '@pycell/contracts';
import { JsonText, readKey, readRest, readValue, type ValueWatch } from '../door/json-reading';
import { atOnceOrInSlices, type Sliced } from '../door/slices';
import { fitsScalar, isAny, isOfType, kindOf } from './argument-values';
import {
  type ArgumentFault,
  type JsonKind,
  lacking,
  ofLength,
  type Path,
  tooMuch,
  unlike,
} from './argument-words';

const COMMA = 0x2c;
const CLOSE_BRACKET = 0x5d;
const CLOSE_BRACE = 0x7d;
/** Small values take longer than their bytes say. */
const VALUE_CHARGE_BYTES = 16;
/** Looking a value up among choices takes as long as reading so many bytes. */
const CHOICE_CHARGE_BYTES = 32;
/** Looking at one alternative takes about as long as reading so many bytes. */
const ALTERNATIVE_BYTES = 4;
/** What is read again for alternatives: so many times the arguments, and so many bytes besides. */
const MAX_REREAD = { times: 8, bytes: 4 * 1024 * 1024 };
/** Longer keys are none of a parameter or field. */
const MAX_KEY_BYTES = 16 * 1024;
/** Of a string, so many bytes are looked at to show it. */
const SHOWN_BYTES = 512;

/** The arguments were found to be JSON before. */
const UNWATCHED: ValueWatch = {
  open: () => undefined,
  next: () => undefined,
  key: () => null,
  pause: () => undefined,
};

/** What is wrong with one value. Told only once it is known to be the fault of the whole: others fail at each alternative. */
interface Found {
  readonly path: Path;
  readonly tell: () => ArgumentFault;
}

/** A string that has been read. */
type ReadString = Pick<JsonText, 'stringStart' | 'stringEnd' | 'isEscaped'>;

class TooMuch extends Error {
  override readonly name = 'TooMuch';
}

/**
 * Says what of a tool's arguments is not as its schema has it, null where all is. The schema is one of `POST /validate`, of whose
 * keywords all are checked but `format`, and what parameters are missing or unknown: those the call itself judges, and says it with
 * the signature. The arguments stay the bytes that came, and are read in slices.
 * @param json one object, which has been found to be JSON without keys that come twice
 * @param goOn called between slices; what it throws ends the work
 */
export async function findArgumentFault(
  json: Buffer,
  schema: ParametersSchema,
  goOn: () => void,
): Promise<ArgumentFault | null> {
  try {
    const found = await atOnceOrInSlices(new ArgumentCheck(json).arguments(schema), goOn);
    return found?.tell() ?? null;
  } catch (error) {
    if (error instanceof TooMuch) {
      return tooMuch();
    }
    throw error;
  }
}

class ArgumentCheck {
  private readonly text: JsonText;
  /** Bytes that may still be read again. */
  private left: number;

  constructor(json: Buffer) {
    this.text = new JsonText(json);
    this.left = MAX_REREAD.times * json.length + MAX_REREAD.bytes;
  }

  *arguments({ properties }: ParametersSchema): Sliced<Found | null> {
    yield* this.space();
    // By names as Python reads them: another form of a letter is no way around the check.
    return yield* this.object({ properties }, [], (key) => key.normalize('NFKC'));
  }

  /** Reads the value that begins here; where it has a fault, not to its end. */
  private *value(schema: ParameterSchema, path: Path): Sliced<Found | null> {
    const { text } = this;
    text.charge(VALUE_CHARGE_BYTES + (schema.enum ? CHOICE_CHARGE_BYTES : 0));
    if (text.isSliceOver) {
      yield;
      text.beginSlice();
    }
    if (schema.anyOf) {
      return yield* this.alternatives(schema, schema.anyOf, path);
    }
    const kind = kindOf(text.peek());
    if (!isOfType(schema, kind)) {
      return yield* this.unlike(schema, kind, path);
    }
    if (kind === 'array' && (schema.prefixItems || !isAny(schema.items))) {
      return yield* this.array(schema, path);
    }
    if (kind === 'object' && (schema.properties || !isAny(schema.additionalProperties))) {
      return yield* this.object(schema, path);
    }
    const start = text.at;
    if (kind === 'array' || kind === 'object') {
      yield* readValue(text, UNWATCHED);
    } else if (!text.readScalar()) {
      yield* readRest(text);
    }
    return fitsScalar(schema, kind, text.bytes.subarray(start, text.at))
      ? null
      : yield* this.unlike(schema, kind, path, start);
  }

  private *alternatives(
    schema: ParameterSchema,
    anyOf: readonly ParameterSchema[],
    path: Path,
  ): Sliced<Found | null> {
    const { text } = this;
    const start = text.at;
    const kind = kindOf(text.peek());
    let nearest: Found | null = null;
    for (const alternative of anyOf) {
      this.readAgain(ALTERNATIVE_BYTES);
      if (!alternative.anyOf && !isOfType(alternative, kind)) {
        continue;
      }
      const fault = yield* this.value(alternative, path);
      if (!fault) {
        return null;
      }
      // What went furthest into the value was meant.
      nearest = fault.path.length > (nearest ?? { path }).path.length ? fault : nearest;
      this.readAgain(text.at - start);
      text.at = start;
    }
    return nearest ?? (yield* this.unlike(schema, kind, path));
  }

  private readAgain(bytes: number): void {
    this.text.charge(bytes);
    this.left -= bytes;
    if (this.left < 0) {
      throw new TooMuch();
    }
  }

  private *array(schema: ParameterSchema, path: Path): Sliced<Found | null> {
    const { text } = this;
    const { prefixItems = [], items = {}, minItems = 0, maxItems = Infinity } = schema;
    let count = 0;
    text.at++;
    yield* this.space();
    while (text.peek() !== CLOSE_BRACKET) {
      if (count > 0) {
        yield* this.comma();
      }
      if (count === maxItems) {
        return { path, tell: () => ofLength(schema, 'more', path) };
      }
      const fault = yield* this.value(prefixItems[count] ?? items, [...path, count]);
      if (fault) {
        return fault;
      }
      count++;
      yield* this.space();
    }
    text.at++;
    return count < minItems ? { path, tell: () => ofLength(schema, String(count), path) } : null;
  }

  private *object(
    { properties = {}, required = [], additionalProperties }: ParameterSchema,
    path: Path,
    nameOf = (key: string): string => key,
  ): Sliced<Found | null> {
    const { text } = this;
    const others = typeof additionalProperties === 'object' ? additionalProperties : {};
    // Those that have none of what is required take work without bytes.
    this.readAgain(required.length);
    const missing = new Set(required);
    let isFirst = true;
    text.at++;
    yield* this.space();
    while (text.peek() !== CLOSE_BRACE) {
      if (!isFirst) {
        yield* this.comma();
      }
      isFirst = false;
      yield* readKey(text, () => null);
      const key = this.lastKey();
      const name = Object.hasOwn(properties, key) ? key : nameOf(key);
      const member = Object.hasOwn(properties, name) ? properties[name] : undefined;
      const fault = yield* this.value(member ?? others, [...path, key]);
      if (fault) {
        return fault;
      }
      missing.delete(key);
      yield* this.space();
    }
    text.at++;
    const [lacked] = missing;
    return lacked === undefined ? null : { path, tell: () => lacking(lacked, path) };
  }

  /** The key that was read last, or the beginning of a long one. */
  private lastKey(): string {
    return this.stringAt(this.text, MAX_KEY_BYTES);
  }

  /** What a string of the text says, up to so many bytes of it. */
  private stringAt({ stringStart: start, stringEnd: end, isEscaped }: ReadString, maxBytes: number): string {
    const { bytes } = this.text;
    if (!isEscaped) {
      return bytes.toString('utf8', start, Math.min(end, start + maxBytes));
    }
    if (end - start <= maxBytes) {
      return JSON.parse(bytes.toString('utf8', start - 1, end + 1)) as string;
    }
    // As it stands there: an escape may be cut in two.
    return bytes.toString('utf8', start, start + maxBytes);
  }

  /** @param start of a value that has been read; without it one begins here, of which no more is read than is shown */
  private *unlike(schema: ParameterSchema, kind: JsonKind, path: Path, start?: number): Sliced<Found> {
    const { text } = this;
    const from = start ?? text.at;
    if (start === undefined && kind !== 'array' && kind !== 'object') {
      yield* readValue(text, UNWATCHED);
    }
    // What is read next must not change what is shown.
    const { at: to, stringStart, stringEnd, isEscaped } = text;
    const shown = (): string =>
      kind === 'string'
        ? this.stringAt({ stringStart, stringEnd, isEscaped }, SHOWN_BYTES)
        : text.bytes.toString('utf8', from, Math.min(to, from + SHOWN_BYTES));
    return { path, tell: () => unlike(schema, { kind, text: shown() }, path) };
  }

  private *comma(): Sliced<void> {
    this.text.expect(COMMA);
    yield* this.space();
  }

  private *space(): Sliced<void> {
    if (!this.text.skipSpace()) {
      yield* readRest(this.text);
    }
  }
}
