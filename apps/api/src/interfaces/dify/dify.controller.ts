import { Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ForeignBodies } from '../door/foreign-bodies';
import { type ForeignClient, FromForeignClient } from '../door/foreign-client';
import { knownLines } from '../door/front-line';
import { InterfaceController } from '../door/interface-controller';
import { InterfaceExecutions } from '../door/interface-executions';
import { refusal } from '../door/refusal';
import { type DifyAnswer, difyAnswerOf, difySuccess } from './dify-answer';
import { DifyFields, difyRequestOf, problemOfLanguage } from './dify-request';
import { DEPENDENCIES_PATH, DIFY, REFRESH_PATH, RUN_PATH, UPDATE_PATH } from './dify.interface';

const FIXED = 'packages are fixed here: whoever runs this sandbox adds them when it is set up';

@InterfaceController()
export class DifyController {
  constructor(
    private readonly executions: InterfaceExecutions,
    private readonly bodies: ForeignBodies,
  ) {}

  @Post(RUN_PATH)
  async run(
    @Req() request: Request,
    @FromForeignClient() client: ForeignClient,
    @Res() response: Response,
  ): Promise<void> {
    const isJudged = this.executions.isJudged(client);
    const read = difyRequestOf(await this.bodies.members(request, DifyFields), isJudged);
    if (typeof read === 'string') {
      throw refusal(read);
    }
    const outcome = await this.executions.execute(read.request, client, DIFY.name);
    const { status, body } = difyAnswerOf(knownLines(outcome, read.addedLines));
    response.status(status).json(body);
  }

  @Get([DEPENDENCIES_PATH, REFRESH_PATH])
  async dependencies(@Query('language') language: unknown): Promise<DifyAnswer> {
    const problem = problemOfLanguage(language);
    if (problem !== null) {
      throw refusal(problem);
    }
    const { packages } = await this.executions.python();
    return difySuccess({ dependencies: packages.map(({ name, version }) => ({ name, version })) });
  }

  @Post(UPDATE_PATH)
  update(): never {
    throw refusal(FIXED);
  }
}
