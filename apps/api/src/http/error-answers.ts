import { inspect } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { type ErrorCode, type ErrorResponse, STATUSES } from '@pycell/contracts';
import type { Request, Response } from 'express';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { type ForeignForm, ForeignForms, pathOf } from './foreign-forms';
import { requestIdOf } from './request-id.middleware';
import { traceOf } from './request-trace';

/** What an error answer says, whether a request or an execution failed. */
export interface ErrorAnswer {
  readonly code: ErrorCode;
  /** One sentence for a person. */
  readonly message: string;
  /** What really happened; a client sees it with DEBUG=true and `INTERNAL` only. */
  readonly cause?: unknown;
  /** What the body has beyond the fields of every error; undefined members are left out. */
  readonly facts?: { readonly [Name in keyof ErrorResponse]?: ErrorResponse[Name] | undefined };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends errors in the one shape that all of them have; on the paths of an interface of others in the shape that these have there. */
@Injectable()
export class ErrorAnswers {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly foreign: ForeignForms,
  ) {}

  /** Sends the answer, or only ends the response where a part of another answer has been sent already. */
  send(request: Request, response: Response, answer: ErrorAnswer): void {
    if (response.headersSent) {
      response.end();
      return;
    }
    this.begin(response, answer);
    const trace = traceOf(request);
    trace?.ended(answer.code);
    const form = this.foreign.of(request);
    if (form) {
      this.sendAs(form, request, response, answer);
      return;
    }
    response.json(this.bodyOf(answer, requestIdOf(request), trace?.id));
  }

  /** Sets status and headers, for who sends the body by other means. */
  begin(response: Response, { code, headers }: ErrorAnswer): void {
    for (const [name, value] of Object.entries(headers ?? {})) {
      response.setHeader(name, value);
    }
    response.status(STATUSES[code].http);
  }

  /**
   * Returns the body of the answer, for who sends it by other means.
   * @param traceId that of the request's trace, where there is one
   */
  bodyOf(answer: ErrorAnswer, requestId: string, traceId?: string): object {
    return { error: this.messageOf(answer), code: answer.code, requestId, traceId, ...answer.facts };
  }

  private sendAs(form: ForeignForm, request: Request, response: Response, answer: ErrorAnswer): void {
    const { status, body, headers } = form.errorOf({
      code: answer.code,
      httpStatus: STATUSES[answer.code].http,
      message: this.messageOf(answer),
      requestId: requestIdOf(request),
      path: pathOf(request),
    });
    response
      .status(status)
      .set({ ...headers })
      .json(body);
  }

  private messageOf({ code, message, cause }: ErrorAnswer): string {
    const explained = this.configuration.http.debug && code === 'INTERNAL' && cause !== undefined;
    return explained ? `${message}: ${inspect(cause)}` : message;
  }
}
