import { Injectable } from '@nestjs/common';
import { jsonPieces } from '../door/answer-pieces';
import type { ForeignClient } from '../door/foreign-client';
import { InterfaceExecutions } from '../door/interface-executions';
import { atOnceOrInSlices, nextTurn } from '../door/slices';
import { type KnownSubmission, viewOf } from './submission-view';
import { idOf, Submissions } from './submissions';

/** So much the answer for several may be, bytes: two that hold all the output that a run may have by default, in escapes. */
export const MAX_BATCH_ANSWER_BYTES = 16 * 1024 * 1024;

const [BEGINNING, SEPARATOR, END, NONE] = ['{"submissions":[', ',', ']}', 'null'].map((text) =>
  Buffer.from(text),
) as [Buffer, Buffer, Buffer, Buffer];

/** What of submissions is asked for. */
export interface Telling {
  readonly fields: readonly string[];
  readonly isBase64: boolean;
}

/** The answer for several would be too large. */
export class TooMuchAtOnce extends Error {
  override readonly name = 'TooMuchAtOnce';
}

/** Tells of submissions in JSON, with others served meanwhile: asking costs no rate, since clients ask every 100 milliseconds. */
@Injectable()
export class ToldSubmissions {
  constructor(
    private readonly submissions: Submissions,
    private readonly executions: InterfaceExecutions,
  ) {}

  /** @throws ExecutionCancelled once the client has gone */
  async of(known: KnownSubmission, telling: Telling, { signal }: ForeignClient): Promise<readonly Buffer[]> {
    const { version } = await this.executions.python();
    const goOn = (): void => signal.throwIfAborted();
    const { fields, isBase64 } = telling;
    return jsonPieces(await atOnceOrInSlices(viewOf(known, fields, isBase64, version), goOn), goOn);
  }

  /** Null where there is none of that token. @throws as `of` */
  async byToken(token: string, telling: Telling, client: ForeignClient): Promise<readonly Buffer[] | null> {
    const known = await this.submissions.find(token, client);
    const pieces = known && (await this.of(known, telling, client));
    client.holding?.resize(pieces ? bytesOf(pieces) : 0);
    return pieces;
  }

  /** Each is looked at once, however often it is asked for. @throws TooMuchAtOnce, and as `of` */
  async batch(
    tokens: readonly string[],
    telling: Telling,
    client: ForeignClient,
  ): Promise<readonly Buffer[]> {
    const told = new Map<string, readonly Buffer[]>();
    const answer = [BEGINNING];
    let bytes = 0;
    for (const [index, token] of tokens.entries()) {
      const id = idOf(token);
      const pieces = told.get(id) ?? (await this.byToken(token, telling, besides(bytes, client))) ?? [NONE];
      told.set(id, pieces);
      bytes += bytesOf(pieces);
      if (bytes > MAX_BATCH_ANSWER_BYTES) {
        throw new TooMuchAtOnce(
          `the answer would have more than ${MAX_BATCH_ANSWER_BYTES} bytes: ask for fewer submissions at once, or for fewer fields`,
        );
      }
      answer.push(...(index === 0 ? [] : [SEPARATOR]), ...pieces);
      await nextTurn();
      client.signal.throwIfAborted();
    }
    return [...answer, END];
  }
}

function bytesOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** The same client, for an answer that holds so much already. */
function besides(bytes: number, client: ForeignClient): ForeignClient {
  const { holding } = client;
  return holding ? { ...client, holding: { resize: (more) => holding.resize(bytes + more) } } : client;
}
