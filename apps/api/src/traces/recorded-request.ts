import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { type ExecutionReport, STATUSES } from '@pycell/contracts';
import type { Request, Response } from 'express';
import { knownCallerOf } from '../callers/callers';
import type { EndCode, RequestTrace } from '../http/request-trace';
import { requestIdOf } from '../http/request-id.middleware';
import { attributesOf, stationsOf, timesOf } from './recorded-run';
import type { RequestClock } from './request-clock';

/** Of a batch so many executions have spans, those that ended first: a batch of thousands would fill the queue of all. */
const MAX_ITEM_SPANS = 100;

/**
 * The spans of one request that is recorded. Those of an execution are made from its report, when the answer has gone
 * out: while it runs nothing is measured twice, and nobody waits for them.
 */
export class RecordedRequest implements RequestTrace {
  readonly id: string;
  private readonly inside: Context;
  private mode: string | undefined;
  private code: EndCode | undefined;
  private execution: { readonly report: ExecutionReport; readonly endMs: number } | undefined;
  private items = 0;
  private failedItems = 0;
  private isFinished = false;

  constructor(
    private readonly tracer: Tracer,
    private readonly span: Span,
    private readonly clock: RequestClock,
  ) {
    this.inside = trace.setSpan(ROOT_CONTEXT, span);
    this.id = span.spanContext().traceId;
  }

  asked(mode: string): void {
    this.mode = mode;
  }

  ended(code: EndCode, report?: ExecutionReport): void {
    this.code = code;
    if (report) {
      this.execution = { report, endMs: this.clock.now() };
    }
  }

  itemEnded(index: number, code: EndCode, report?: ExecutionReport): void {
    this.items++;
    this.failedItems += code === 'OK' ? 0 : 1;
    // What ends behind the client's back has no parent any more.
    if (this.items > MAX_ITEM_SPANS || this.isFinished) {
      return;
    }
    const endMs = this.clock.now();
    const startTime = endMs - (report?.durationMs ?? 0);
    const attributes = {
      'pycell.batch.index': index,
      ...attributesOf(code, report),
      ...(report && timesOf(report)),
    };
    const item = this.tracer.startSpan('execution', { startTime, attributes }, this.inside);
    markFailure(item, code);
    item.end(endMs);
  }

  /** The answer has been sent, or its client is gone. */
  finish(request: Request, response: Response): void {
    const { span, execution } = this;
    // A request whose answer was cut off has not been told whatever it ended with.
    const code = response.writableFinished ? (this.code ?? 'OK') : 'CANCELLED';
    const caller = knownCallerOf(request);
    span.setAttributes({
      'http.response.status_code': response.statusCode,
      'pycell.request.id': requestIdOf(request),
      ...attributesOf(code, execution?.report),
      ...(this.mode !== undefined && { 'pycell.mode': this.mode }),
      ...(caller?.key && { 'pycell.key': caller.key }),
      ...(this.items > 0 && {
        'pycell.batch.items': this.items,
        'pycell.batch.failed': this.failedItems,
      }),
    });
    if (execution) {
      for (const { name, startMs, endMs } of stationsOf(execution.report, execution.endMs)) {
        this.tracer.startSpan(name, { startTime: startMs }, this.inside).end(endMs);
      }
    }
    markFailure(span, code);
    span.end(this.clock.now());
    this.isFinished = true;
  }
}

/** A script that fails is no failure of the service: only what is answered with 5xx is. */
function markFailure(span: Span, code: EndCode): void {
  if (code !== 'OK' && code !== 'CANCELLED' && STATUSES[code].http >= 500) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', code);
  }
}
