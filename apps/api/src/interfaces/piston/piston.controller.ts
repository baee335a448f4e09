import { Delete, Get, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ForeignBodies } from '../door/foreign-bodies';
import { type ForeignClient, FromForeignClient } from '../door/foreign-client';
import { InterfaceController } from '../door/interface-controller';
import type { ForeignAnswer } from '../door/interface-description';
import { InterfaceExecutions } from '../door/interface-executions';
import { atOnceOrInSlices } from '../door/slices';
import { pistonAnswer } from './piston-answer';
import { PistonFields } from './piston-fields';
import { ALIASES, LANGUAGE, PistonRefusal, readPistonRequest } from './piston-request';
import { PISTON, PISTON_ROOTS } from './piston.interface';

const at = (path: string): string[] => PISTON_ROOTS.map((root) => `${root}${path}`);

/** Answers as Piston does. */
@InterfaceController()
export class PistonController {
  constructor(
    private readonly executions: InterfaceExecutions,
    private readonly bodies: ForeignBodies,
  ) {}

  @Get(at('/runtimes'))
  async runtimes(): Promise<object> {
    const version = await this.version();
    return version === null ? [] : [{ language: LANGUAGE, version, aliases: ALIASES }];
  }

  @Post(at('/execute'))
  async execute(
    @Req() request: Request,
    @FromForeignClient() client: ForeignClient,
    @Res() response: Response,
  ): Promise<void> {
    send(response, await this.answerTo(request, client));
  }

  @Get(at('/packages'))
  async packages(): Promise<object> {
    const version = await this.version();
    return version === null ? [] : [{ language: LANGUAGE, language_version: version, installed: true }];
  }

  @Post(at('/packages'))
  install(@Res() response: Response): void {
    send(
      response,
      refusal('Nothing is installed by requests here: whoever runs the service chooses the packages'),
    );
  }

  @Delete(at('/packages'))
  remove(@Res() response: Response): void {
    send(
      response,
      refusal('Nothing is removed by requests here: whoever runs the service chooses the packages'),
    );
  }

  @Get(at('/connect'))
  connect(@Res() response: Response): void {
    send(
      response,
      refusal('Programs are not talked to while they run here: send stdin with POST to execute'),
    );
  }

  private async answerTo(request: Request, client: ForeignClient): Promise<ForeignAnswer> {
    const version = await this.version();
    if (version === null) {
      return { status: 503, body: { message: 'The sandbox is not ready yet. It is safe to retry.' } };
    }
    try {
      const terms = {
        version,
        ...this.executions.rangesOf(client),
        maxFiles: this.executions.limitsOf(client).maxFiles,
        isJudged: this.executions.isJudged(client),
      };
      const sent = await this.bodies.value(request, PistonFields);
      const { request: asked, ...how } = await atOnceOrInSlices(readPistonRequest(sent, terms), () =>
        client.signal.throwIfAborted(),
      );
      // Beside the body: the script at two bytes a character, and standard input where it was given its last line's end.
      this.bodies.holdMore(request, 2 * asked.script.length + (asked.stdin?.length ?? 0));
      return pistonAnswer(await this.executions.execute(asked, client, PISTON.name), { version, ...how });
    } catch (error) {
      if (error instanceof PistonRefusal) {
        return refusal(error.message);
      }
      throw error;
    }
  }

  private async version(): Promise<string | null> {
    return (await this.executions.python()).version;
  }
}

function refusal(message: string): ForeignAnswer {
  return { status: 400, body: { message } };
}

function send(response: Response, { status, body, headers = {} }: ForeignAnswer): void {
  response.status(status).set(headers).json(body);
}
