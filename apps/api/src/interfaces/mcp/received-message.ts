import { cutJson, type CutJson, UncutJson } from '../door/cut-json';
import { RPC_CODES } from './rpc-error';

/** Of a message without the arguments of its tool. Envelopes of clients have some hundred bytes. */
const BOUNDS = { maxBytes: 64 * 1024, maxDepth: 32 };
/** Messages in one body, of the revisions that know batches. */
export const MAX_MESSAGES = 16;

/** The body is no message that is taken. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused';

  /** @param code of JSON-RPC */
  constructor(
    readonly code: number,
    message: string,
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

/**
 * Takes a body apart.
 * @param goOn called between slices of work; what it throws ends it
 * @throws MessageRefused
 */
export async function readMessage(body: Buffer, goOn: () => void): Promise<ReceivedMessage> {
  const { around, cut } = await cutMessage(body, goOn);
  return { envelope: Array.isArray(around) ? checkedBatch(around) : around, argumentBytes: cut };
}

async function cutMessage(body: Buffer, goOn: () => void): Promise<CutJson> {
  try {
    return await cutJson(body, ['params', 'arguments'], BOUNDS, goOn);
  } catch (error) {
    if (!(error instanceof UncutJson)) {
      throw error;
    }
    throw error.reason === 'syntax'
      ? new MessageRefused(RPC_CODES.parseError, `The body is not JSON: ${error.message}`)
      : new MessageRefused(RPC_CODES.invalidRequest, `The message is not taken: ${error.message}`);
  }
}

/**
 * One request, one call: what is judged and counted is a request, and a batch shall be no way around that. Nor is it for the list of
 * tools, which with a hundred of them takes some milliseconds. Notifications are left
 * out where something is to be answered: nothing is known here that they could change, and one that cancels a request beside it
 * would leave the batch without an answer for ever.
 */
function checkedBatch(messages: readonly unknown[]): readonly unknown[] {
  if (messages.length > MAX_MESSAGES) {
    throw new MessageRefused(
      RPC_CODES.invalidRequest,
      `A batch has at most ${MAX_MESSAGES} messages, this one has ${messages.length}`,
    );
  }
  if (messages.some((message) => methodOf(message) === 'tools/call')) {
    throw new MessageRefused(
      RPC_CODES.invalidRequest,
      'Send tools/call in a request of its own, not in a batch',
    );
  }
  if (messages.filter((message) => methodOf(message) === 'tools/list').length > 1) {
    throw new MessageRefused(RPC_CODES.invalidRequest, 'Send tools/list once in a batch');
  }
  const answered = messages.filter((message) => !isNotification(message));
  return answered.length > 0 ? answered : messages;
}

function isNotification(message: unknown): boolean {
  return methodOf(message) !== undefined && !Object.hasOwn(message as object, 'id');
}

/** Returns the method of a message, undefined where it has none. */
export function methodOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'method' in message ? message.method : undefined;
}
