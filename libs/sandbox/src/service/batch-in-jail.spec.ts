import { Logger } from '@nestjs/common';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import { REAL_PATHS } from '../executors/executor.contract';
import { createExecutor } from '../executors/executors';
import type { ScriptJudge } from '../policy/script-judge';
import { judgeSmallScripts } from '../policy/script-judge.contract';
import type { SandboxExecutor } from '../run/sandbox-executor';
import type { CompletedExecution } from './completed-execution';
import { ExecutionCancelled, ExecutionFailure } from './execution-failure';
import { callerNamed, OPTIONS } from './fake-executor.contract';
import { SandboxService } from './sandbox.service';

/** Set by tools/test.mjs where the host cannot sandbox; never in CI, where these tests must run. */
const skipped = process.env['PYCELL_SKIP_JAIL'] === 'true' && process.env['CI'] !== 'true';
const INPUTS = 20;
const CALLER = callerNamed('somebody', { limits: DEFAULT_LIMITS, policyRules: DEFAULT_POLICY_RULES });
/** What goes wrong with which number. */
const SCRIPT = `
def main(n):
    print(n, n * 1000, flush=True)
    if n == 3:
        while True: pass
    if n == 5: return len(bytearray(900 << 20))
    if n == 7: print("x" * 3_000_000)
    if n == 9: raise ValueError(n)
    return n
`;
const CODES: Record<number, string> = {
  3: 'TIMEOUT',
  5: 'MEMORY_LIMIT',
  7: 'OUTPUT_LIMIT',
  9: 'SCRIPT_ERROR',
};

type Outcome = CompletedExecution | ExecutionFailure;

(skipped ? describe.skip : describe)('a batch in a real nsjail', () => {
  jest.setTimeout(30_000);
  let judge: ScriptJudge;
  let executor: SandboxExecutor;
  let service: SandboxService;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    const options = {
      ...OPTIONS,
      limits: DEFAULT_LIMITS,
      paths: REAL_PATHS,
      jailPerRun: false,
      // One more than its caller may have.
      admission: { maxConcurrency: 3, maxQueue: 8, queueTimeoutMs: 10_000 },
    };
    judge = await judgeSmallScripts(DEFAULT_POLICY_RULES);
    executor = createExecutor({ ...options, maxConcurrency: 3 });
    service = new SandboxService(executor, judge, options);
  });

  afterAll(async () => {
    judge.close();
    await executor.close();
  });

  const batch = (
    script: string,
    onOutcome: (index: number, outcome: Outcome) => void,
    signal: AbortSignal,
  ): Promise<void> => {
    const inputs = Array.from({ length: INPUTS }, (_, n) => Buffer.from(`{"n": ${n}}`));
    return service.batch(
      { script, mode: 'function', limits: { timeoutMs: 2_000 }, inputs },
      { caller: CALLER, signal },
      { onStart: () => undefined, readyFor: () => undefined, onOutcome },
    );
  };

  it('has each input end in its own way, with its own output and nothing of another', async () => {
    const outcomes = new Map<number, Outcome>();
    await batch(SCRIPT, (index, outcome) => outcomes.set(index, outcome), new AbortController().signal);
    expect(outcomes.size).toBe(INPUTS);
    for (const [index, outcome] of outcomes) {
      const failed = outcome instanceof ExecutionFailure;
      expect([index, failed ? outcome.code : String(outcome.resultJson)]).toEqual([
        index,
        CODES[index] ?? String(index),
      ]);
      const stdout = failed ? (outcome.facts.stdout ?? '') : outcome.stdout;
      expect(stdout.replace(/x+$/, '')).toBe(`${index} ${index * 1000}\n`);
    }
    // The one that ran to its deadline held up nobody: it is the last but for what its neighbour was at.
    expect([...outcomes.keys()].indexOf(3)).toBeGreaterThan(3);
  });

  it('ends its runs when the client goes away in the middle', async () => {
    const client = new AbortController();
    let told = 0;
    const script = 'import time\ndef main(n):\n    time.sleep(0.02 if n < 4 else 0.7)';
    const running = batch(
      script,
      () => {
        if (++told === 4) {
          client.abort();
        }
      },
      client.signal,
    );
    await expect(running).rejects.toBeInstanceOf(ExecutionCancelled);
    expect(told).toBe(4);
  });
});
