import { Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { STATUSES } from '@pycell/contracts';
import type { Request, Response } from 'express';
import { ForeignBodies } from '../door/foreign-bodies';
import { type ForeignClient, FromForeignClient } from '../door/foreign-client';
import type { ForeignFailure } from '../door/foreign-outcome';
import { InterfaceController } from '../door/interface-controller';
import type { ForeignAnswer } from '../door/interface-description';
import { InterfaceExecutions } from '../door/interface-executions';
import { MAX_BATCH_SIZE } from './configuration';
import { JUDGE0 } from './judge0.interface';
import { InvalidSubmission } from './submission';
import { fieldsOf, InvalidFields, type KnownSubmission, viewOf } from './submission-view';
import { Submissions } from './submissions';

type Asked = Readonly<Record<string, unknown>>;

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
    private readonly executions: InterfaceExecutions,
    private readonly bodies: ForeignBodies,
  ) {}

  @Post('/submissions')
  async create(
    @Query() asked: Asked,
    @Req() request: Request,
    @FromForeignClient() client: ForeignClient,
    @Res() response: Response,
  ): Promise<void> {
    await answer(response, async () => {
      const fields = fieldsOf(asked['fields']);
      const submission = this.submissions.read(this.bodies.parsed(request), isBase64(asked), client);
      if (asked['wait'] !== 'true') {
        const token = await this.submissions.start(submission, client);
        return typeof token === 'string' ? { status: 201, body: { token } } : failed(token);
      }
      const known = await this.submissions.run(submission, client);
      return 'kind' in known
        ? failed(known)
        : { status: 201, body: viewOf(known, fields, isBase64(asked), await this.version()) };
    });
  }

  /** Those that are valid and find room are accepted, whatever becomes of the others. */
  @Post('/submissions/batch')
  async createBatch(
    @Query() asked: Asked,
    @Req() request: Request,
    @FromForeignClient() client: ForeignClient,
    @Res() response: Response,
  ): Promise<void> {
    await answer(response, async () => {
      const sent = submissionsOf(this.bodies.parsed(request));
      checkSize(sent.length);
      const answers: ForeignAnswer[] = [];
      for (const body of sent) {
        answers.push(await answerOf(() => this.startOne(body, isBase64(asked), client)));
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
    @FromForeignClient() client: ForeignClient,
    @Res() response: Response,
  ): Promise<void> {
    await answer(response, async () => {
      const fields = fieldsOf(asked['fields']);
      const tokens = tokensOf(asked);
      checkSize(tokens.length);
      const version = await this.version();
      const found: (KnownSubmission | null)[] = [];
      for (const token of tokens) {
        found.push(await this.submissions.find(token, client));
      }
      const submissions = found.map((known) => known && viewOf(known, fields, isBase64(asked), version));
      return { status: 200, body: { submissions } };
    });
  }

  @Get('/submissions/:token')
  async show(
    @Param('token') token: string,
    @Query() asked: Asked,
    @FromForeignClient() client: ForeignClient,
    @Res() response: Response,
  ): Promise<void> {
    await answer(response, async () => {
      const fields = fieldsOf(asked['fields']);
      const known = await this.submissions.find(token, client);
      return known
        ? { status: 200, body: viewOf(known, fields, isBase64(asked), await this.version()) }
        : NOT_THERE;
    });
  }

  @Delete('/submissions/:token')
  remove(@Res() response: Response): void {
    send(response, NO_DELETE);
  }

  private async startOne(body: unknown, isEncoded: boolean, client: ForeignClient): Promise<ForeignAnswer> {
    const token = await this.submissions.start(this.submissions.read(body, isEncoded, client), client);
    return typeof token === 'string' ? { status: 201, body: { token } } : failed(token);
  }

  private async version(): Promise<string | null> {
    return (await this.executions.python()).version;
  }
}

/** A batch that is too large, or none. */
class InvalidBatch extends Error {
  override readonly name = 'InvalidBatch';
}

async function answer(response: Response, work: () => Promise<ForeignAnswer>): Promise<void> {
  send(response, await answerOf(work));
}

/** Returns what is answered, also where the request is not as it should be. */
async function answerOf(work: () => Promise<ForeignAnswer>): Promise<ForeignAnswer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InvalidSubmission) {
      return { status: 422, body: error.errors };
    }
    if (error instanceof InvalidFields || error instanceof InvalidBatch) {
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

function isBase64(asked: Asked): boolean {
  return asked['base64_encoded'] === 'true';
}

function submissionsOf(body: unknown): readonly unknown[] {
  const { submissions } = (typeof body === 'object' && body !== null ? body : {}) as {
    submissions?: unknown;
  };
  return Array.isArray(submissions) ? submissions : [];
}

function tokensOf({ tokens }: Asked): readonly string[] {
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

function send(response: Response, { status, body, headers = {} }: ForeignAnswer): void {
  response.status(status).set(headers).json(body);
}
