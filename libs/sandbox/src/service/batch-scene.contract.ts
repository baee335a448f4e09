import { Logger } from '@nestjs/common';
import type { ScriptJudge } from '../policy/script-judge';
import type { Outcome } from '../run/outcome';
import type { Run } from '../run/run';
import type { CompletedExecution } from './completed-execution';
import { ExecutionFailure } from './execution-failure';
import type { BatchListener } from './execution-listener';
import { callerNamed, FakeExecutor, OPTIONS } from './fake-executor.contract';
import { SandboxService } from './sandbox.service';

export const BATCH_SCRIPT = 'def main(n): return n';
/** That one caller may have: one more is kept for others. */
export const PLACES = 2;
export const ONE: Outcome = { status: 'OK', result: Buffer.from('1') };

/** Says in order what it hears. */
export class HearingAll implements BatchListener {
  readonly heard: string[] = [];
  readonly outcomes: (CompletedExecution | ExecutionFailure | undefined)[] = [];
  readonly asked: number[] = [];
  readyFor: BatchListener['readyFor'] = (index) => void this.asked.push(index);

  onStart(): void {
    this.heard.push('start');
  }

  onOutcome(index: number, outcome: CompletedExecution | ExecutionFailure): void {
    this.heard.push(
      outcome instanceof ExecutionFailure
        ? `${index} ${outcome.code}`
        : `${index} ${String(outcome.resultJson)}`,
    );
    expect(this.outcomes[index]).toBeUndefined();
    this.outcomes[index] = outcome;
  }
}

/** Returns the number that a run was given, 0 where it has no inputs. */
export function numberOf({ inputs }: Run): number {
  return inputs ? (JSON.parse(String(inputs)) as { n: number }).n : 0;
}

/** What a run of `BATCH_SCRIPT` comes to. */
export function returning(run: Run): Outcome {
  return { status: 'OK', result: Buffer.from(String(numberOf(run))) };
}

/** A service whose runs are the test's to end, and a client. The log's lines are kept. */
export class BatchScene {
  readonly executor = new FakeExecutor();
  readonly service: SandboxService;
  readonly logged: Record<string, unknown>[] = [];
  client = new AbortController();

  constructor(judge: ScriptJudge) {
    this.executor.outcome = returning;
    this.service = new SandboxService(this.executor, judge, {
      ...OPTIONS,
      admission: { maxConcurrency: PLACES + 1, maxQueue: 8, queueTimeoutMs: 1000 },
    });
    const note = (line: Record<string, unknown>): void => void this.logged.push(line);
    jest.spyOn(Logger.prototype, 'log').mockImplementation(note);
    jest.spyOn(Logger.prototype, 'error').mockImplementation(note);
  }

  /** Has `BATCH_SCRIPT`, or another, executed for so many numbers from 0 on. */
  batch(listener: BatchListener, count: number, script = BATCH_SCRIPT): Promise<void> {
    const inputs = Array.from({ length: count }, (_, n) => Buffer.from(`{"n": ${n}}`));
    return this.service.batch(
      { script, mode: 'function', limits: {}, inputs },
      { caller: callerNamed('somebody'), signal: this.client.signal },
      listener,
    );
  }

  /** Ends the run of a number. */
  end(number: number, outcome: Outcome = ONE): void {
    this.executor.waiting.find(({ run }) => numberOf(run) === number)?.end(outcome);
  }
}
