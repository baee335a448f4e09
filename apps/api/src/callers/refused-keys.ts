import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ErrorAnswers } from '../http/error-answers';
import { FailedRequests } from '../http/failed-requests';
import { RefusalPace } from '../http/refusal-pace';
import type { KeyFault, KeyFaultReason } from './key-fault';

const TELL_INTERVAL_MS = 1_000;
/** So many names are told in a line of the log. */
const TOLD_NAMES = 20;

/**
 * Answers requests that are refused for their key. Nothing has been done for them but to look at their headers, and what is
 * still on its way of their bodies is thrown away. Of an address that is refused often, further refusals are held back a
 * moment: a flood of wrong keys costs no more than one of requests to a service that is busy.
 */
@Injectable()
export class RefusedKeys implements OnApplicationShutdown {
  private readonly logger = new Logger('Keys');
  private readonly pace = new RefusalPace();
  private counts: Partial<Record<KeyFaultReason, number>> = {};
  private readonly names = new Set<string>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly answers: ErrorAnswers,
    private readonly failed: FailedRequests,
  ) {}

  /** @param address by which the pace goes */
  refuse(request: Request, response: Response, fault: KeyFault, address: string): void {
    this.count(fault);
    this.failed.tell(request, fault.answer.code);
    this.pace.take(address, () => this.answers.send(request, response, fault.answer));
  }

  onApplicationShutdown(): void {
    this.pace.begin();
    this.tell();
  }

  private count({ reason, name }: KeyFault): void {
    this.counts[reason] = (this.counts[reason] ?? 0) + 1;
    if (name !== null && this.names.size < TOLD_NAMES) {
      this.names.add(name);
    }
    this.timer ??= setTimeout(() => this.tell(), TELL_INTERVAL_MS).unref();
  }

  /** One line for all of a second: a flood of requests must be no flood in the log. Never what was sent. */
  private tell(): void {
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
      this.logger.warn({ msg: 'requests refused for their keys', ...this.counts, names: [...this.names] });
      this.counts = {};
      this.names.clear();
    }
  }
}
