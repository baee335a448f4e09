import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ErrorAnswers } from '../http/error-answers';
import { FailedRequests } from '../http/failed-requests';
import { PacedRefusals } from '../http/paced-refusals';
import type { KeyFault, KeyFaultReason } from './key-fault';

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
  private readonly refusals = new PacedRefusals(() => this.tell());
  private counts: Partial<Record<KeyFaultReason, number>> = {};
  private readonly names = new Set<string>();

  constructor(
    private readonly answers: ErrorAnswers,
    private readonly failed: FailedRequests,
  ) {}

  /** @param address by which the pace goes */
  refuse(request: Request, response: Response, fault: KeyFault, address: string): void {
    this.count(fault);
    this.failed.tell(request, fault.answer.code);
    this.refusals.take(address, () => this.answers.send(request, response, fault.answer));
  }

  onApplicationShutdown(): void {
    this.refusals.flush();
  }

  private count({ reason, name }: KeyFault): void {
    this.counts[reason] = (this.counts[reason] ?? 0) + 1;
    if (name !== null && this.names.size < TOLD_NAMES) {
      this.names.add(name);
    }
  }

  /** Never what was sent. */
  private tell(): void {
    this.logger.warn({ msg: 'requests refused for their keys', ...this.counts, names: [...this.names] });
    this.counts = {};
    this.names.clear();
  }
}
