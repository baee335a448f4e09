import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ForeignClient } from '../door/foreign-client';
import type { ForeignFailure } from '../door/foreign-outcome';
import { InterfaceExecutions } from '../door/interface-executions';
import { type ForeignJob, InterfaceJobs } from '../door/interface-jobs';
import { failedOutcome } from '../door/outcomes';
import { judge0Limits } from './configuration';
import { JUDGE0 } from './judge0.interface';
import { STATUS } from './statuses';
import { readSubmission, requestOf, type Submission } from './submission';
import { noteOf, readNote } from './submission-note';
import { CANCELLED, isEnd, resultOf } from './submission-result';
import type { KnownSubmission } from './submission-view';

/** Submissions, from their bodies to what Judge0 keeps of them. */
@Injectable()
export class Submissions {
  constructor(
    private readonly executions: InterfaceExecutions,
    private readonly jobs: InterfaceJobs,
  ) {}

  /** @throws InvalidSubmission */
  read(body: unknown, isBase64: boolean, client: ForeignClient): Submission {
    const limits = judge0Limits(this.executions.limitsOf(client));
    return readSubmission(body, isBase64, limits, this.executions.rangesOf(client).memoryMb);
  }

  /** Has it run now. Nothing of it is kept. Returns why, where it was not run. */
  async run(submission: Submission, client: ForeignClient): Promise<KnownSubmission | ForeignFailure> {
    const createdAt = Date.now();
    const { timeoutMs } = this.executions.rangesOf(client);
    const outcome = await this.executions.execute(requestOf(submission, timeoutMs), client, JUDGE0.name);
    if (outcome.kind === 'failed' && !isEnd(outcome)) {
      return outcome;
    }
    const finishedAt = Date.now();
    const result = resultOf(outcome, submission);
    const token = outcome.execution?.id ?? randomUUID();
    const { status } = result;
    return { token, submission, status, createdAt, finishedAt, result };
  }

  /** Has it run when there is a place for it. Returns its token, or why it was not accepted. */
  async start(submission: Submission, client: ForeignClient): Promise<string | ForeignFailure> {
    const { timeoutMs } = this.executions.rangesOf(client);
    const request = requestOf(submission, timeoutMs);
    let note: string;
    try {
      note = noteOf(submission);
    } catch (error) {
      return failedOutcome(error);
    }
    const started = await this.jobs.tryStart(request, note, client, JUDGE0.name);
    return 'kind' in started ? started : tokenOf(started.id);
  }

  /** Null where there is none of that token, or it is another's. */
  async find(token: string, client: ForeignClient): Promise<KnownSubmission | null> {
    const job = await this.jobs.find(idOf(token), client, JUDGE0.name);
    if (!job) {
      return null;
    }
    const submission = readNote(job.note);
    return submission && knownSubmission(job, submission);
  }
}

function knownSubmission(
  { id, status, createdAt, endedAt, outcome }: ForeignJob,
  submission: Submission,
): KnownSubmission {
  const common = { token: tokenOf(id), submission, createdAt, finishedAt: endedAt };
  switch (status) {
    case 'queued':
      return { ...common, status: STATUS.queued, result: null };
    case 'running':
      return { ...common, status: STATUS.processing, result: null };
    default: {
      const result = outcome ? resultOf(outcome, submission) : CANCELLED;
      return { ...common, status: result.status, result };
    }
  }
}

/** Tokens of Judge0 are written as UUIDs are. */
function tokenOf(id: string): string {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Returns the id that is meant, however a token is written. */
export function idOf(token: string): string {
  return token.replaceAll('-', '').toLowerCase();
}
