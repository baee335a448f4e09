import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Holding } from '../../answers/answer-room';
import { LargeAnswers } from '../../answers/large-answers';
import type { ForeignClient } from './foreign-client';

/** A client whose answer is counted, since it costs no run. */
export interface CountedClient extends ForeignClient {
  readonly holding: Holding;
}

/** Answers of interfaces that tell what is kept. What a client has not read of them is bounded, as at `GET /executions/ID`. */
@Injectable()
export class InterfaceAnswers {
  constructor(private readonly answers: LargeAnswers) {}

  counted(client: ForeignClient, response: Response): CountedClient {
    return { ...client, holding: this.answers.holdingFor(client.caller.id, response) };
  }

  /** Sends a body of JSON, whose status is set. @throws as `Holding.resize` */
  send(response: Response, pieces: readonly Buffer[], { holding }: CountedClient): void {
    this.answers.send(response, pieces, holding);
  }
}
