import type { Type } from '@nestjs/common';
import { RequestFailure } from '../http/request-failure';
import { Base64Error, decodeBase64InPlace } from './base64';
import { BodyBytes, BodyBytesList } from './body-bytes';
import { MAX_STRUCTURE, notJson, tooManyInputs, tooMuchStructure } from './body-failures';
import { type FieldShape, shapeOf } from './body-shape';
import { InputsWatch } from './inputs-watch';
import { unescapeInPlace, UnpairedSurrogateError } from './json-string';
import { JsonText, JsonTextError } from './json-text';
import { readKey, readRest, readValue, type ValueWatch } from './json-value';
import { shownName, typeName } from './json-words';
import { MadeStrings } from './made-strings';
import type { ScanLimits } from './scan-limits';
import type { ScannedBody } from './scanned-body';
import { SLICE_BYTES, type Sliced } from './slices';
import { countCharacters, decodeText } from './utf8';

const COMMA = 0x2c;
const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Longer strings and numbers are not given to JSON.parse, which reads them at once. */
const SHORT_BYTES = 64 * 1024;
/** Of a string that is too long for any field, so much is kept, to be shown. */
const SHOWN_BYTES = 1024;

/** What it takes to begin with the inputs of one more run, in bytes that are read meanwhile. */
const INPUTS_CHARGE_BYTES = 1024;

const VALUE: FieldShape = { kind: 'value', isRequired: false };
const INPUTS: FieldShape = { kind: 'json', isRequired: true };

/**
 * Reads a body of any size by the fields of its DTO class, once and in slices. Large parts become bytes, which lie in the
 * body itself: strings are unescaped and base64 is decoded in place, so that the body cannot be read again.
 */
export class BodyScanner implements ValueWatch {
  private readonly text: JsonText;
  private readonly maxStructure: number;
  private structure = 0;
  private readonly strings: MadeStrings;
  private tooLong: ScannedBody['tooLong'] = null;
  /** The first of what is wrong, told once it is known that the rest is JSON; only what is too much ends the reading. */
  private problem: RequestFailure | null = null;

  /** @param body JSON in UTF-8, without a byte order mark */
  constructor(
    private readonly body: Buffer,
    private readonly limits: ScanLimits,
    private readonly sliceBytes = SLICE_BYTES,
  ) {
    this.text = new JsonText(body, sliceBytes);
    this.strings = new MadeStrings(limits.hold);
    this.maxStructure = limits.maxStructure ?? MAX_STRUCTURE;
  }

  /** @throws RequestFailure */
  *scan(dto: Type<object>): Sliced<ScannedBody> {
    try {
      yield* this.space();
      const value = yield* this.field({ kind: 'object', dto: () => dto, isRequired: true }, '');
      yield* this.space();
      if (this.text.peek() !== undefined) {
        this.text.fail();
      }
      this.strings.tell();
      if (this.problem) {
        throw this.problem;
      }
      return { value, tooLong: this.tooLong };
    } catch (error) {
      throw error instanceof JsonTextError ? notJson(error.message) : error;
    }
  }

  /** One more list, object or member. */
  next(): void {
    if (++this.structure > this.maxStructure) {
      throw tooMuchStructure(this.limits.maxStructure);
    }
  }

  open(): void {
    this.next();
  }

  key(): null {
    return null;
  }

  pause(): void {
    // What there is of lists, objects and members is bounded.
  }

  private *field(field: FieldShape, path: string): Sliced<unknown> {
    const byte = this.text.peek();
    if (field.kind === 'object' && byte === OPEN_BRACE) {
      return yield* this.object(field.dto(), path);
    }
    if (field.kind === 'list' && byte === OPEN_BRACKET) {
      return yield* this.list({ ...field, kind: 'object' }, path);
    }
    if (field.kind === 'json' && byte === OPEN_BRACE) {
      return yield* this.unparsed(path);
    }
    if (field.kind === 'jsons' && byte === OPEN_BRACKET) {
      return yield* this.unparsedList(path);
    }
    if ((field.kind === 'text' || field.kind === 'base64') && byte === QUOTE) {
      return yield* this.bytesOf(field.kind, path);
    }
    return yield* this.plain(path);
  }

  private *object(dto: Type<object>, path: string): Sliced<object> {
    const { text } = this;
    const shape = shapeOf(dto);
    const members = new Map<string, unknown>();
    const seen = (): null => null;
    this.next();
    text.at++;
    yield* this.space();
    while (text.peek() !== CLOSE_BRACE) {
      if (members.size > 0) {
        text.expect(COMMA);
        this.next();
        yield* this.space();
      }
      yield* readKey(text, seen);
      const name = yield* this.name();
      const at = path === '' ? name : `${path}.${name}`;
      if (members.has(name)) {
        this.refuse(`Field ${shownName(at)} is sent twice`);
      }
      members.set(name, yield* this.field(shape.get(name) ?? VALUE, at));
      yield* this.space();
    }
    text.at++;
    // Not by assignment, to which the name __proto__ would be another.
    return Object.fromEntries(members);
  }

  private *list(element: FieldShape, path: string): Sliced<readonly unknown[]> {
    const { text } = this;
    const elements: unknown[] = [];
    this.next();
    text.at++;
    yield* this.space();
    while (text.peek() !== CLOSE_BRACKET) {
      if (elements.length > 0) {
        text.expect(COMMA);
        this.next();
        yield* this.space();
      }
      elements.push(yield* this.field(element, `${path}[${elements.length}]`));
      yield* this.space();
    }
    text.at++;
    return elements;
  }

  /** Reads a list of objects that go on as they are. They have a bound of their own, and are no structure. */
  private *unparsedList(path: string): Sliced<BodyBytesList> {
    const { text } = this;
    const elements: Buffer[] = [];
    let count = 0;
    text.at++;
    yield* this.space();
    for (; text.peek() !== CLOSE_BRACKET; count++) {
      if (count > 0) {
        text.expect(COMMA);
        yield* this.space();
      }
      if (count === this.limits.maxBatch) {
        throw tooManyInputs(path, count);
      }
      const element = yield* this.field(INPUTS, `${path}[${count}]`);
      if (element instanceof BodyBytes) {
        elements.push(element.bytes);
      } else {
        this.refuse(`Field ${path}[${count}] must be an object, not ${typeName(element)}`);
      }
      yield* this.space();
    }
    text.at++;
    return new BodyBytesList(elements);
  }

  /** Reads an object that goes on as it is. */
  private *unparsed(path: string): Sliced<BodyBytes> {
    const start = this.text.at;
    this.text.charge(INPUTS_CHARGE_BYTES);
    const watch = new InputsWatch(this.text, path, this.limits.maxInputsBytes, (message) =>
      this.refuse(message),
    );
    yield* readValue(this.text, watch);
    watch.checkSize();
    return new BodyBytes(this.body.subarray(start, this.text.at));
  }

  private *bytesOf(kind: 'text' | 'base64', path: string): Sliced<BodyBytes> {
    yield* this.scalar();
    const { stringStart: start } = this.text;
    const textEnd = yield* this.unescaped(path);
    if (kind === 'text') {
      return new BodyBytes(this.body.subarray(start, textEnd));
    }
    try {
      const end = yield* decodeBase64InPlace(this.body, start, textEnd, this.sliceBytes);
      return new BodyBytes(this.body.subarray(start, end));
    } catch (error) {
      if (!(error instanceof Base64Error)) {
        throw error;
      }
      this.refuse(`Field ${path} must be base64 (RFC 4648, with padding): ${error.message}`);
      return new BodyBytes(this.body.subarray(start, start));
    }
  }

  /** Reads a value that is small where it is right. */
  private *plain(path: string): Sliced<unknown> {
    const { text, body } = this;
    const start = text.at;
    const byte = text.peek();
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      yield* readValue(text, this);
      return byte === OPEN_BRACE ? {} : [];
    }
    yield* this.scalar();
    this.strings.add(byte === QUOTE ? text.at - start : 0);
    if (text.at - start <= SHORT_BYTES) {
      return JSON.parse(body.toString('utf8', start, text.at)) as unknown;
    }
    return byte === QUOTE ? yield* this.longString(path) : Number.NaN;
  }

  private *longString(path: string): Sliced<string> {
    const { stringStart: start } = this.text;
    const end = yield* this.unescaped(path);
    const bytes = this.body.subarray(start, end);
    // A character takes up to four bytes.
    if (bytes.length <= 4 * this.limits.maxScriptSize) {
      return yield* decodeText(bytes, this.sliceBytes);
    }
    this.tooLong = { path, characters: yield* countCharacters(bytes, this.sliceBytes) };
    return bytes.toString('utf8', 0, SHOWN_BYTES);
  }

  /** Returns the name of the member whose key was read. */
  private *name(): Sliced<string> {
    const { stringStart: start, stringEnd: end } = this.text;
    this.strings.add(Math.min(end - start, SHORT_BYTES));
    if (end - start <= SHORT_BYTES) {
      return JSON.parse(this.body.toString('utf8', start - 1, end + 1)) as string;
    }
    const { body, sliceBytes } = this;
    return body.toString(
      'utf8',
      start,
      Math.min(start + SHOWN_BYTES, yield* unescapeInPlace(body, start, end, { lone: 'keep', sliceBytes })),
    );
  }

  /** Unescapes the string that was read last; returns where it ends then. */
  private *unescaped(path: string): Sliced<number> {
    const { stringStart, stringEnd, isEscaped } = this.text;
    if (!isEscaped) {
      return stringEnd;
    }
    try {
      return yield* unescapeInPlace(this.body, stringStart, stringEnd, { sliceBytes: this.sliceBytes });
    } catch (error) {
      if (!(error instanceof UnpairedSurrogateError)) {
        throw error;
      }
      this.refuse(`Field ${path} must be valid Unicode: it holds an unpaired surrogate`);
      return stringStart;
    }
  }

  private refuse(message: string): void {
    this.problem ??= new RequestFailure('INVALID_REQUEST', message);
  }

  private *scalar(): Sliced<void> {
    if (!this.text.readScalar()) {
      yield* readRest(this.text);
    }
  }

  private *space(): Sliced<void> {
    if (!this.text.skipSpace()) {
      yield* readRest(this.text);
    }
  }
}
