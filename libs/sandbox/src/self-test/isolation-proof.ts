import { randomUUID } from 'node:crypto';
import type { RunReport, RunRequest } from '../executors/sandbox-executor';
import { probeScript } from './probe-script';
import { failedReport, judgeProbe, reportOf, type PromisedIsolation, type SelfTestReport } from './self-test';

const TIMEOUT_MS = 10_000;
const MIB = 1024 * 1024;
/** Without isolation there is nothing to prove, only that scripts run. */
const TRIVIAL_SCRIPT = 'def main():\n    return 1\n';

/** Runs one script, past everything that keeps scripts from running while nothing is proved. */
export type ProbeRun = (request: RunRequest, signal: AbortSignal) => Promise<RunReport>;

/** Proves from inside a run that the isolation which the configuration promises is there. */
export class IsolationProof {
  private last: SelfTestReport | null = null;

  /** @param promised null: none is promised */
  constructor(private readonly promised: PromisedIsolation | null) {}

  get latest(): SelfTestReport | null {
    return this.last;
  }

  /** Whether the latest proof succeeded. */
  get holds(): boolean {
    return this.latest?.passed === true;
  }

  /** Makes the proof by one run. Never rejects. */
  async prove(run: ProbeRun): Promise<SelfTestReport> {
    return this.record(await this.attempt(run));
  }

  /**
   * Takes a report as the latest, and returns it. A breach ends the runner, so that no further proof can be made: that must
   * not hide what was found.
   */
  record(report: SelfTestReport): SelfTestReport {
    if (report.passed || report.breached || !this.last?.breached) {
      this.last = report;
    }
    return report;
  }

  private async attempt(run: ProbeRun): Promise<SelfTestReport> {
    const { promised } = this;
    // More than a run may take, by more than what freed memory of the interpreter could give.
    const script = promised ? probeScript((promised.limits.memoryLimitMb + 1) * MIB) : TRIVIAL_SCRIPT;
    try {
      const request = { id: randomUUID(), script, mode: 'run' as const, imports: [] };
      const { end } = await run(request, AbortSignal.timeout(TIMEOUT_MS));
      if (end.kind !== 'returned') {
        const why = 'cause' in end ? end.cause : 'failure' in end ? end.failure.message : '';
        return failedReport(`the self-test ended as ${end.kind}${why && `: ${why}`}`);
      }
      const value = JSON.parse(end.json.toString('utf8')) as unknown;
      return promised
        ? reportOf(judgeProbe(Object(value) as Record<string, unknown>, promised))
        : reportOf([{ name: 'run', passed: value === 1 }]);
    } catch (error) {
      // What the host could not give: a folder, a descriptor, a process.
      return failedReport(String(error));
    }
  }
}
