import type { SelfTestPlan } from '../launch/recipe';
import { plainRun, type Run } from '../run/run';
import type { RunResult } from '../run/run-result';
import { failedReport, reportOf, type SelfTestReport } from '../run/self-test-report';

const TIMEOUT_MS = 10_000;

/** Runs one script, past everything that keeps scripts from running while nothing is proved. */
export type ProbeRun = (run: Run, signal: AbortSignal) => Promise<RunResult>;

/** Proves from inside a run that the isolation which the configuration promises is there. */
export class IsolationProof {
  private last: SelfTestReport | null = null;
  private breachCount = 0;

  constructor(private readonly plan: SelfTestPlan) {}

  get latest(): SelfTestReport | null {
    return this.last;
  }

  /** How many proofs found a promise broken. A jail in which one did is replaced at once, and `latest` is of the next soon. */
  get breaches(): number {
    return this.breachCount;
  }

  /** Whether the latest proof succeeded. */
  get holds(): boolean {
    return this.latest?.passed === true;
  }

  /** Makes the proof by one run. Never rejects. */
  async prove(probe: ProbeRun): Promise<SelfTestReport> {
    return this.record(await this.attempt(probe));
  }

  /**
   * Takes a report as the latest, and returns it. A breach ends the runner, so that no further proof can be made: that must
   * not hide what was found.
   */
  record(report: SelfTestReport): SelfTestReport {
    this.breachCount += Number(report.breached);
    if (report.passed || report.breached || !this.last?.breached) {
      this.last = report;
    }
    return report;
  }

  private async attempt(probe: ProbeRun): Promise<SelfTestReport> {
    try {
      const run = plainRun(this.plan.script);
      const { outcome } = await probe(run, AbortSignal.timeout(TIMEOUT_MS));
      if (outcome.status !== 'OK') {
        const why = 'cause' in outcome ? outcome.cause : 'message' in outcome ? outcome.message : '';
        return failedReport(`the self-test ended as ${outcome.status}${why && `: ${why}`}`);
      }
      return reportOf(this.plan.judge(JSON.parse(outcome.result.toString('utf8'))));
    } catch (error) {
      // What the host could not give: a folder, a descriptor, a process.
      return failedReport(String(error));
    }
  }
}
