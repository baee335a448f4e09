import { Delete, Get, Headers, Param, Post, Query, Req, Res } from '@nestjs/common';
import { STATUSES } from '@pycell/contracts';
import type { Request, Response } from 'express';
import { sendPieces } from '../door/answer-pieces';
import { ForeignBodies } from '../door/foreign-bodies';
import { type ForeignClient, FromForeignClient } from '../door/foreign-client';
import type { ForeignFailure } from '../door/foreign-outcome';
import { type CountedClient, InterfaceAnswers } from '../door/interface-answers';
import { InterfaceController } from '../door/interface-controller';
import type { ForeignAnswer } from '../door/interface-description';
import { InterfaceRates } from '../door/interface-rates';
import { nextTurn } from '../door/slices';
import { MAX_BATCH_SIZE } from './configuration';
import { JUDGE0 } from './judge0.interface';
import { parseNumbersAsTexts } from './numbers-as-texts';
import { InvalidSubmission } from './submission';
import { BatchFields, SubmissionFields } from './submission-fields';
import { fieldsOf, InvalidFields } from './submission-view';
import { Submissions } from './submissions';
import { type Telling, ToldSubmissions, TooMuchAtOnce } from './told-submissions';

type Asked = Readonly<Record<string, unknown>>;

/** An answer, or the pieces of one. */
type Answer = ForeignAnswer | { readonly status: number; readonly pieces: readonly Buffer[] };
type Send = (response: Response, pieces: readonly Buffer[]) => void;

const NOT_THERE: ForeignAnswer = {
  status: 404,
  body: {
    error:
      'there is no such submission: its token is wrong, it is forgotten, it was sent with wait=true, or it is of somebody else',
  },
};
const NO_LIST: ForeignAnswer = {
  status: 403,
  body: { error: 'submissions are told by their tokens only, nobody lists them' },
};
const NO_DELETE: ForeignAnswer = { status: 400, body: { error: 'delete not allowed' } };

/** Submissions, as Judge0 answers for them. */
@InterfaceController()
export class SubmissionsController {
  constructor(
    private readonly submissions: Submissions,
    private readonly told: ToldSubmissions,
    private readonly rates: InterfaceRates,
    private readonly bodies: ForeignBodies,
    private readonly answers: InterfaceAnswers,
  ) {}

  @Post('/submissions')
  async create(
    @Query() asked: Asked,
    @Req() request: Request,
    @FromForeignClient() client: ForeignClient,
    @Res() response: Response,
  ): Promise<void> {
    await answer(response, async () => {
      const telling = tellingOf(asked);
      const sent = await this.bodies.value(request, SubmissionFields, parseOf(telling.isBase64));
      const submission = this.submissions.read(sent, telling.isBase64, client);
      if (asked['wait'] !== 'true') {
        const token = await this.submissions.start(submission, client);
        return typeof token === 'string' ? { status: 201, body: { token } } : failed(token);
      }
      // Beside the body: the source, at two bytes a character.
      this.bodies.holdMore(request, 2 * submission.source_code.length);
      const known = await this.submissions.run(submission, client);
      return 'kind' in known
        ? failed(known)
        : { status: 201, pieces: await this.told.of(known, telling, client) };
    });
  }

  /** Those that are valid and find room are accepted, whatever becomes of the others. Each of them counts for the rate. */
  @Post('/submissions/batch')
  async createBatch(
    @Query() asked: Asked,
    @Req() request: Request,
    @FromForeignClient() client: ForeignClient,
    @Res() response: Response,
  ): Promise<void> {
    await answer(response, async () => {
      const sent = submissionsOf(await this.bodies.value(request, BatchFields, parseOf(isBase64(asked))));
      checkSize(sent.length);
      const answers: ForeignAnswer[] = [];
      for (const [index, body] of sent.entries()) {
        answers.push(await answerOf(() => this.startOne(body, index, isBase64(asked), client)));
        await nextTurn();
        // Tokens of the others would reach nobody.
        client.signal.throwIfAborted();
      }
      const isAnyAccepted = answers.some(({ status }) => status === 201);
      const [first] = answers;
      // Without room for the first there is none for any, as Judge0 says it of all.
      return first && first.status >= 500 && !isAnyAccepted
        ? first
        : { status: isAnyAccepted ? 201 : 422, body: answers.map(({ body }) => body) };
    });
  }

  @Get('/submissions')
  list(@Res() response: Response): void {
    send(response, NO_LIST);
  }

  @Get('/submissions/batch')
  async showBatch(
    @Query() asked: Asked,
    @Headers('tokens') header: unknown,
    @FromForeignClient() client: ForeignClient,
    @Res() response: Response,
  ): Promise<void> {
    await this.tell(response, client, async (counted) => {
      const telling = tellingOf(asked);
      const tokens = tokensOf(header ?? asked['tokens']);
      checkSize(tokens.length);
      return { status: 200, pieces: await this.told.batch(tokens, telling, counted) };
    });
  }

  @Get('/submissions/:token')
  async show(
    @Param('token') token: string,
    @Query() asked: Asked,
    @FromForeignClient() client: ForeignClient,
    @Res() response: Response,
  ): Promise<void> {
    await this.tell(response, client, async (counted) => {
      const pieces = await this.told.byToken(token, tellingOf(asked), counted);
      return pieces ? { status: 200, pieces } : NOT_THERE;
    });
  }

  @Delete('/submissions/:token')
  remove(@Res() response: Response): void {
    send(response, NO_DELETE);
  }

  /** Answers with what is kept: as often as somebody asks, and at the cost of no run. */
  private async tell(
    response: Response,
    client: ForeignClient,
    work: (counted: CountedClient) => Promise<Answer>,
  ): Promise<void> {
    const counted = this.answers.counted(client, response);
    await answer(
      response,
      () => work(counted),
      (_, pieces) => this.answers.send(response, pieces, counted),
    );
  }

  /** @param index its place; the first counted for the rate when the request came */
  private async startOne(
    body: unknown,
    index: number,
    isEncoded: boolean,
    client: ForeignClient,
  ): Promise<ForeignAnswer> {
    const submission = this.submissions.read(body, isEncoded, client);
    const refusal = index === 0 ? null : await this.rates.refusalOfAnother(client);
    const token = refusal ?? (await this.submissions.start(submission, client));
    return typeof token === 'string' ? { status: 201, body: { token } } : failed(token);
  }
}

/** A batch that is too large, or none. */
class InvalidBatch extends Error {
  override readonly name = 'InvalidBatch';
}

async function answer(
  response: Response,
  work: () => Promise<Answer>,
  large: Send = sendPieces,
): Promise<void> {
  send(response, await answerOf(work), large);
}

/** Returns what is answered, also where the request is not as it should be. */
async function answerOf<T extends Answer>(work: () => Promise<T>): Promise<T | ForeignAnswer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InvalidSubmission) {
      return { status: 422, body: error.errors };
    }
    if (error instanceof InvalidFields || error instanceof InvalidBatch || error instanceof TooMuchAtOnce) {
      return { status: 400, body: { error: error.message } };
    }
    throw error;
  }
}

function failed({ code, message, retryAfterSeconds }: ForeignFailure): ForeignAnswer {
  const told = JUDGE0.errorOf({ code, message, httpStatus: STATUSES[code].http, requestId: '', path: '' });
  return retryAfterSeconds === undefined
    ? told
    : { ...told, headers: { 'Retry-After': String(retryAfterSeconds) } };
}

function tellingOf(asked: Asked): Telling {
  return { fields: fieldsOf(asked['fields']), isBase64: isBase64(asked) };
}

function isBase64(asked: Asked): boolean {
  return asked['base64_encoded'] === 'true';
}

/** A number is base64 of nothing. */
function parseOf(isEncoded: boolean): ((json: string) => unknown) | undefined {
  return isEncoded ? undefined : parseNumbersAsTexts;
}

function submissionsOf(body: unknown): readonly unknown[] {
  const { submissions } = (typeof body === 'object' && body !== null ? body : {}) as {
    submissions?: unknown;
  };
  return Array.isArray(submissions) ? submissions : [];
}

function tokensOf(tokens: unknown): readonly string[] {
  return typeof tokens === 'string' && tokens.trim() !== '' ? tokens.trim().split(',') : [];
}

function checkSize(size: number): void {
  if (size > MAX_BATCH_SIZE) {
    throw new InvalidBatch(
      `number of submissions in a batch should be less than or equal to ${MAX_BATCH_SIZE}`,
    );
  }
  if (size === 0) {
    throw new InvalidBatch('there should be at least one submission in a batch');
  }
}

function send(response: Response, answered: Answer, large: Send = sendPieces): void {
  response.status(answered.status);
  if ('pieces' in answered) {
    large(response, answered.pieces);
  } else {
    response.set(answered.headers ?? {}).json(answered.body);
  }
}
