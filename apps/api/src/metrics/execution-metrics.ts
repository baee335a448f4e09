import { Injectable } from '@nestjs/common';
import { ERROR_CODES, type ExecutionReport, STATUSES } from '@pycell/contracts';
import type { CallerTerms, EndedBatch, EndedExecution, EndedRun, ExecutionObserver } from '@pycell/sandbox';
import { Counter, Histogram, Registry } from 'prom-client';
import type { Caller } from '../callers/caller';
import { TIME_BUCKETS } from './buckets';
import { KeyMetrics } from './key-metrics';
import { usageOf } from './run-usage';

/** The phases of an execution, by their names in its report. */
const PHASES = {
  queue: 'queueMs',
  policy: 'policyMs',
  start: 'startMs',
  run: 'runMs',
  result: 'resultMs',
} as const satisfies Record<string, keyof ExecutionReport['timings']>;

const KINDS = [
  'call',
  'stream',
  'item',
  'job',
  'validation',
] as const satisfies readonly EndedExecution['kind'][];
/** A validation has no report. */
const KINDS_WITH_REPORTS = [
  'call',
  'stream',
  'item',
  'job',
] as const satisfies readonly EndedExecution['kind'][];

const STATUSES_OF_EXECUTIONS: readonly EndedExecution['status'][] = [
  'OK',
  ...ERROR_CODES.filter((code) => STATUSES[code].origins.some((origin) => origin !== 'request')),
  'CANCELLED',
];

type Child<Of extends { labels(...values: string[]): unknown }> = ReturnType<Of['labels']>;

/** Counts what is executed: how it was asked for, how it ended, how long it took, what it used. */
@Injectable()
export class ExecutionMetrics implements ExecutionObserver {
  private readonly executions: Counter<'kind' | 'status'>;
  private readonly batches: Counter<'status'>;
  private readonly runs: Counter;
  private readonly cpuSeconds: Counter;
  private readonly memory: Counter;
  private readonly duration: Histogram;
  private readonly queueWait: Histogram<'kind'>;
  private readonly phases: readonly (readonly [
    keyof ExecutionReport['timings'],
    Child<Histogram<'phase'>>,
  ])[];

  constructor(
    registry: Registry,
    private readonly keys: KeyMetrics,
  ) {
    const registers = [registry];
    const buckets = [...TIME_BUCKETS];
    this.executions = new Counter({
      name: 'pycell_executions_total',
      help: 'Executions that ended, however: by how they were asked for (call, stream, item of a batch, job, validation) and by status.',
      labelNames: ['kind', 'status'],
      registers,
    });
    this.batches = new Counter({
      name: 'pycell_batches_total',
      help: 'Batches that ended, by status: OK once each input has its outcome. The executions of their inputs are counted apart.',
      labelNames: ['status'],
      registers,
    });
    this.runs = new Counter({
      name: 'pycell_runs_total',
      help: 'Runs of scripts in the sandbox that ended, also those that nobody waited for any more.',
      registers,
    });
    this.cpuSeconds = new Counter({
      name: 'pycell_run_cpu_seconds_total',
      help: 'CPU time that runs used, user and system. What could not be measured is not in it.',
      registers,
    });
    this.memory = new Counter({
      name: 'pycell_run_memory_byte_seconds_total',
      help: 'Peak memory of each run, times the seconds for which its script had the clock.',
      registers,
    });
    this.duration = new Histogram({
      name: 'pycell_execution_duration_seconds',
      help: 'From admission to the complete answer, of executions that had a run: durationMs of their reports.',
      buckets,
      registers,
    });
    const phases = new Histogram({
      name: 'pycell_execution_phase_seconds',
      help: 'The same by phase: queue, policy, start, run, result. The phases of an execution add up to its duration.',
      labelNames: ['phase'],
      buckets,
      registers,
    });
    this.queueWait = new Histogram({
      name: 'pycell_queue_wait_seconds',
      help: 'How long these executions waited for a place: the phase queue, by how they were asked for. Items of a batch wait for each other; a job has its place before it is taken.',
      labelNames: ['kind'],
      buckets,
      registers,
    });
    this.beginWithZeros();
    this.phases = Object.entries(PHASES).map(([phase, name]) => [name, phases.labels(phase)]);
  }

  /** A series that is there before its first execution: else that would be no increase of it. */
  private beginWithZeros(): void {
    for (const status of STATUSES_OF_EXECUTIONS) {
      KINDS.forEach((kind) => this.executions.inc({ kind, status }, 0));
      this.batches.inc({ status }, 0);
    }
    KINDS_WITH_REPORTS.forEach((kind) => this.queueWait.zero({ kind }));
  }

  executionEnded({ kind, caller, status, report, count }: EndedExecution): void {
    this.executions.inc({ kind, status }, count);
    if (report) {
      this.duration.observe(report.durationMs / 1000);
      this.queueWait.observe({ kind }, report.timings.queueMs / 1000);
      for (const [name, phase] of this.phases) {
        phase.observe(report.timings[name] / 1000);
      }
    }
    this.keys.executionEnded(keyOf(caller), status, count);
  }

  batchEnded({ status }: EndedBatch): void {
    this.batches.inc({ status });
  }

  runEnded({ caller, result }: EndedRun): void {
    const usage = usageOf(result);
    this.runs.inc();
    this.cpuSeconds.inc(usage.cpuSeconds);
    this.memory.inc(usage.memoryByteSeconds);
    this.keys.runEnded(keyOf(caller), usage);
  }
}

/** The terms of a caller are those that came with its request: whoever made them knows its key. */
function keyOf(caller: CallerTerms): string | null {
  return (caller as Partial<Caller>).key ?? null;
}
