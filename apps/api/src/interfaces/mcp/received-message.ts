import { isUtf8 } from 'node:buffer';
import { JsonText, JsonTextError } from '../../bodies/json-text';
import { readKey, readRest, readValue, type ValueWatch } from '../../bodies/json-value';
import { isRecord } from '../../bodies/json-words';
import { atOnceOrInSlices, type Sliced } from '../../bodies/slices';
import { RPC_CODES, type RpcId } from './rpc-error';

/** Of a message without the arguments of its tool. Envelopes of clients have some hundred bytes. */
const MAX_ENVELOPE_BYTES = 64 * 1024;
/** Levels of lists and objects in it. */
const MAX_ENVELOPE_DEPTH = 32;
/** Messages in one body, of the revisions that know batches. */
const MAX_MESSAGES = 16;

const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** The body is no message that is taken. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused';

  /** @param code of JSON-RPC */
  constructor(
    readonly code: number,
    message: string,
    readonly id: RpcId = null,
  ) {
    super(message);
  }
}

/** What a body says. */
export interface ReceivedMessage {
  /** The message, or a list of them, as JSON says it; without the arguments of a tool, which are an empty object there. */
  readonly envelope: unknown;
  /** The arguments of a tool, one JSON object as the client wrote it: its digits go to Python. Null where there are none. */
  readonly argumentBytes: Buffer | null;
}

/** Where the arguments lie in a body; null where they are no object. */
type Place = readonly [start: number, end: number] | null;

/**
 * Takes a body apart, in slices where it is large: the arguments of a tool stay the bytes that came, only what is around
 * them is parsed.
 * @throws MessageRefused
 */
export async function readMessage(body: Buffer, goOn: () => void): Promise<ReceivedMessage> {
  if (!isUtf8(body)) {
    throw new MessageRefused(RPC_CODES.parseError, 'The body is not UTF-8');
  }
  const json = body.subarray(0, 3).equals(BYTE_ORDER_MARK) ? body.subarray(3) : body;
  const place = await placeOf(json, goOn);
  const envelope = parsedEnvelope(json, place);
  if (Array.isArray(envelope)) {
    checkBatch(envelope);
  }
  return { envelope, argumentBytes: place && json.subarray(...place) };
}

async function placeOf(json: Buffer, goOn: () => void): Promise<Place> {
  try {
    return await atOnceOrInSlices(new MessageText(json).findArguments(), goOn);
  } catch (error) {
    if (error instanceof JsonTextError) {
      throw new MessageRefused(RPC_CODES.parseError, `The body is not JSON: ${error.message}`);
    }
    throw error;
  }
}

function parsedEnvelope(json: Buffer, place: Place): unknown {
  const [start, end] = place ?? [json.length, json.length];
  if (json.length - (end - start) > MAX_ENVELOPE_BYTES) {
    throw new MessageRefused(
      RPC_CODES.invalidRequest,
      `The message has more than ${MAX_ENVELOPE_BYTES} bytes besides the arguments of its tool`,
    );
  }
  const before = json.toString('utf8', 0, start);
  return JSON.parse(place ? `${before}{}${json.toString('utf8', end)}` : before) as unknown;
}

/** One request, one call: what is judged and counted is a request, and a batch shall be no way around that. */
function checkBatch(messages: readonly unknown[]): void {
  if (messages.length > MAX_MESSAGES) {
    throw new MessageRefused(
      RPC_CODES.invalidRequest,
      `A batch has at most ${MAX_MESSAGES} messages, this one has ${messages.length}`,
    );
  }
  if (messages.some((message) => isRecord(message) && message['method'] === 'tools/call')) {
    throw new MessageRefused(RPC_CODES.invalidRequest, 'Send tools/call in a request of its own, not in a batch');
  }
}

/** Bounds how deep what is parsed nests. */
const ENVELOPE: ValueWatch = {
  open: (depth) => {
    // The message and its params are around it.
    if (depth > MAX_ENVELOPE_DEPTH - 2) {
      throw new MessageRefused(
        RPC_CODES.invalidRequest,
        `The message nests deeper than ${MAX_ENVELOPE_DEPTH} levels besides the arguments of its tool`,
      );
    }
  },
  next: () => undefined,
  key: () => null,
  pause: () => undefined,
};

/** Who takes the arguments looks at them. */
const ARGUMENTS: ValueWatch = { ...ENVELOPE, open: () => undefined };

/** Finds params.arguments in the text of a message. */
class MessageText {
  private readonly text: JsonText;

  constructor(json: Buffer) {
    this.text = new JsonText(json);
  }

  /** @throws JsonTextError where the text is not one JSON value; MessageRefused */
  *findArguments(): Sliced<Place> {
    const { text } = this;
    let found: Place = null;
    yield* this.space();
    if (text.peek() === OPEN_BRACE) {
      found = yield* this.member('params', () => this.member('arguments', () => this.object()));
    } else {
      // A batch, or what is no message: the SDK says which.
      yield* readValue(text, ENVELOPE);
    }
    yield* this.space();
    if (text.peek() !== undefined) {
      text.fail();
    }
    return found;
  }

  /** Reads an object, and one of its members by `read`. What is no object is read and is nothing. */
  private *member(wanted: string, read: () => Sliced<Place>): Sliced<Place> {
    const { text } = this;
    if (text.peek() !== OPEN_BRACE) {
      yield* readValue(text, ENVELOPE);
      return null;
    }
    let found: Place = null;
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
        yield* readValue(text, ENVELOPE);
      } else if (++hits > 1) {
        throw new MessageRefused(RPC_CODES.invalidRequest, `The message has its member ${wanted} twice`);
      } else {
        found = yield* read();
      }
      yield* this.space();
    }
    text.at++;
    return found;
  }

  private *object(): Sliced<Place> {
    const { text } = this;
    const start = text.at;
    const isObject = text.peek() === OPEN_BRACE;
    yield* readValue(text, isObject ? ARGUMENTS : ENVELOPE);
    return isObject ? [start, text.at] : null;
  }

  /** The key that was read last; of a long one its beginning, which is none that is wanted. */
  private lastKey(): string {
    const { bytes, stringStart, stringEnd, isEscaped } = this.text;
    const end = Math.min(stringEnd, stringStart + 256);
    if (!isEscaped || end < stringEnd) {
      return bytes.toString('utf8', stringStart, end);
    }
    return JSON.parse(bytes.toString('utf8', stringStart - 1, stringEnd + 1)) as string;
  }

  private *space(): Sliced<void> {
    if (!this.text.skipSpace()) {
      yield* readRest(this.text);
    }
  }
}
