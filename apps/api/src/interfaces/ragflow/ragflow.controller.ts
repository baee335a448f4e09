import { Get, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ForeignBodies } from '../door/foreign-bodies';
import { type ForeignClient, FromForeignClient } from '../door/foreign-client';
import { knownLines } from '../door/front-line';
import { InterfaceController } from '../door/interface-controller';
import { InterfaceExecutions } from '../door/interface-executions';
import { withArtifactsFolder } from './artifacts-folder';
import { fastApiError, ragflowBodyOf } from './ragflow-answer';
import { RagflowFields, ragflowRequestOf } from './ragflow-request';
import { HEALTH_PATH, RAGFLOW, RUN_PATH } from './ragflow.interface';

@InterfaceController()
export class RagflowController {
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
    const read = ragflowRequestOf(await this.bodies.members(request, RagflowFields));
    if ('field' in read) {
      response.status(422).json(fastApiError([read.field], read.message));
      return;
    }
    const { request: asked, addedLines } = this.executions.isJudged(client)
      ? { request: read, addedLines: 0 as const }
      : withArtifactsFolder(read);
    const outcome = knownLines(await this.executions.execute(asked, client, RAGFLOW.name), addedLines);
    response.status(200).type('json').send(ragflowBodyOf(outcome));
  }

  @Get(HEALTH_PATH)
  health(): object {
    return { status: 'ok' };
  }
}
