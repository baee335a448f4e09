import type { ParserWasm, PolicyRules } from '@pycell/script-policy';
import { startPolicyThread, type ThreadPort } from './checking-thread';
import { CheckingThreads } from './checking-threads';
import type { Judgement } from './judgement';
import { LoopShare } from './loop-share';
import { RuledPolicy } from './ruled-policy';
import { PLAIN_TERMS, type ScriptTerms } from './script-terms';
import { CpuBudget, ownCpuClock } from './thread-clock';
import type { ThreadStart } from './thread-messages';

/**
 * Scripts up to this many UTF-16 units are tried on the event loop first: what a script of that size can need beside the
 * parse, which is given up in time, is a millisecond.
 */
const SMALL_LENGTH = 2_000;
/** With so much CPU time, milliseconds; ordinary Python of that size needs one. What is not done then goes to a thread. */
const TRIED_MS = 3;

/** CPU time that a thread has for a script: ten times what ordinary Python needs. */
function limitMsFor(script: string): number {
  return 50 + script.length * 0.005;
}

/** Compiled at the start, so that the first script does not wait for that. */
const ORDINARY_SCRIPT = `import math
class Circle:
    def __init__(self, radius: float = 1.0):
        self.radius = radius
def main():
    areas = {f"{r:.2f}": math.pi * r ** 2 for r in range(10) if r % 2}
    try:
        return [value for _, value in sorted(areas.items())]
    except ValueError as error:
        return str(error)
`;

export interface JudgeOptions {
  readonly wasm: ParserWasm;
  readonly rules: PolicyRules;
  /** Threads at once, as many as runs. */
  readonly maxThreads: number;
}

/** Judges scripts by the policy. No scripts' texts hold the event loop for more than a few milliseconds, however many come. */
export class ScriptJudge {
  private readonly threads: CheckingThreads;
  private readonly clock = ownCpuClock();

  private constructor(
    /** Null once it has broken. */
    private onLoop: RuledPolicy | null,
    maxThreads: number,
    startThread: () => ThreadPort,
    private readonly share: Pick<LoopShare, 'isFree' | 'charge'>,
  ) {
    this.threads = new CheckingThreads(maxThreads, startThread);
  }

  /** @param startThread what runs the threads; tests bring their own, and a share of the loop that time has no part in */
  static async load(
    { wasm, rules, maxThreads }: JudgeOptions,
    startThread: (start: ThreadStart) => ThreadPort = startPolicyThread,
    share: Pick<LoopShare, 'isFree' | 'charge'> = new LoopShare(),
  ): Promise<ScriptJudge> {
    const policy = await RuledPolicy.load(wasm, rules);
    policy.judge(ORDINARY_SCRIPT, PLAIN_TERMS, () => true);
    return new ScriptJudge(policy, maxThreads, () => startThread({ wasm, rules }), share);
  }

  close(): void {
    this.threads.close();
  }

  /**
   * Judges a script; one that cannot be judged in time has a refusal that says so.
   * @param terms what its request says: `PLAIN_TERMS` where that is the script only
   * @throws NoThread when the host can start no thread; the signal's reason when it aborts while one is waited for.
   */
  async judge(text: string, signal: AbortSignal, terms: ScriptTerms): Promise<Judgement> {
    return (
      this.tryOnLoop(text, terms) ??
      this.threads.judge({ script: text, terms, limitMs: limitMsFor(text) }, signal)
    );
  }

  /** Returns null for a script that is too large for that, or takes too long, and while the loop had enough of them. */
  private tryOnLoop(text: string, terms: ScriptTerms): Judgement | null {
    if (text.length > SMALL_LENGTH || !this.onLoop || !this.share.isFree) {
      return null;
    }
    const budget = new CpuBudget(this.clock, TRIED_MS);
    const attempt = { ranOut: false };
    try {
      const judgement = this.onLoop.judge(text, terms, () => {
        attempt.ranOut ||= budget.isSpent();
        return !attempt.ranOut;
      });
      return attempt.ranOut ? null : judgement;
    } catch {
      // A RuntimeError of the wasm, which no script is known to cause. The parser is in no state that is known then.
      this.onLoop = null;
      return null;
    } finally {
      this.share.charge(budget.spentMs());
    }
  }
}
