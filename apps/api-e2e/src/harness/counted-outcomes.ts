import type { ErrorResponse, ExecutionReport } from '@pycell/contracts';

/** What an answer, an item of a batch or the last event of a stream tells of an execution. */
type Outcome = Partial<Pick<ErrorResponse, 'code'> & { readonly execution: ExecutionReport }>;

/** Counts what clients were told: by how they asked, by status, and what was reported. */
export class CountedOutcomes {
  private readonly byStatus = new Map<string, number>();
  /** Executions whose answers had a report. */
  reports = 0;
  durationSeconds = 0;
  cpuSeconds = 0;
  memoryByteSeconds = 0;
  readonly phaseSeconds: Record<'queue' | 'policy' | 'start' | 'run' | 'result', number> = {
    queue: 0,
    policy: 0,
    start: 0,
    run: 0,
    result: 0,
  };

  note(kind: 'call' | 'stream' | 'item' | 'validation', { code, execution }: Outcome): void {
    this.count(`${kind} ${code ?? 'OK'}`);
    if (execution) {
      const { durationMs, cpuMs = 0, peakMemoryBytes = 0, timings } = execution;
      this.reports++;
      this.durationSeconds += durationMs / 1000;
      this.cpuSeconds += cpuMs / 1000;
      this.memoryByteSeconds += (peakMemoryBytes * timings.runMs) / 1000;
      for (const phase of Object.keys(this.phaseSeconds) as (keyof typeof this.phaseSeconds)[]) {
        this.phaseSeconds[phase] += timings[`${phase}Ms`] / 1000;
      }
    }
  }

  count(label: string, times = 1): void {
    this.byStatus.set(label, (this.byStatus.get(label) ?? 0) + times);
  }

  get total(): number {
    return [...this.byStatus.values()].reduce((sum, count) => sum + count, 0);
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.byStatus);
  }
}
