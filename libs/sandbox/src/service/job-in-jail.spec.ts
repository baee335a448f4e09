import { execFileSync } from 'node:child_process';
import { Logger } from '@nestjs/common';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import { REAL_PATHS } from '../executors/executor.contract';
import { createExecutor } from '../executors/executors';
import type { ScriptJudge } from '../policy/script-judge';
import { judgeSmallScripts } from '../policy/script-judge.contract';
import { plainRequest } from '../run/run';
import type { SandboxExecutor } from '../run/sandbox-executor';
import { callerNamed, OPTIONS } from './fake-executor.contract';
import { SandboxService } from './sandbox.service';

/** Set by tools/test.mjs where the host cannot sandbox; never in CI, where these tests must run. */
const skipped = process.env['PYCELL_SKIP_JAIL'] === 'true' && process.env['CI'] !== 'true';
const CALLER = callerNamed('somebody', { limits: DEFAULT_LIMITS, policyRules: DEFAULT_POLICY_RULES });
const SLEEPER = 'import time\ndef main():\n    time.sleep(8)\n    return 1';

(skipped ? describe.skip : describe)('a job in a real nsjail', () => {
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
      admission: { maxConcurrency: 2, maxQueue: 8, queueTimeoutMs: 10_000 },
    };
    judge = await judgeSmallScripts(DEFAULT_POLICY_RULES);
    executor = createExecutor({ ...options, maxConcurrency: 2 });
    service = new SandboxService(executor, judge, options);
  });

  afterAll(async () => {
    judge.close();
    await executor.close();
  });

  /** Returns what became of a job, and what its listener heard. */
  const outcomeOf = async (id: string, script: string, onStart: () => void) => {
    const { signal } = new AbortController();
    let starts = 0;
    let stdout = '';
    const outcome = await service
      .executeJob(
        {
          id,
          request: plainRequest(script),
          client: { caller: CALLER, signal },
          place: await service.reserve(signal),
          begin: () => Promise.resolve(),
        },
        {
          onStart: () => {
            starts++;
            onStart();
          },
          onOutput: (_stream, text) => {
            stdout += text;
          },
        },
      )
      .catch((error: unknown) => error);
    return { outcome, starts, stdout };
  };

  it('has the id that it was given, its result and its output', async () => {
    const script = 'def main():\n    print("hello", flush=True)\n    return 2 ** 64';
    const { outcome, starts, stdout } = await outcomeOf('a'.repeat(32), script, () => undefined);
    expect(outcome).toMatchObject({
      resultJson: Buffer.from('18446744073709551616'),
      execution: { id: 'a'.repeat(32), isolation: 'nsjail' },
    });
    expect([starts, stdout]).toEqual([1, 'hello\n']);
  });

  it('is handed over once, though its jail is lost before it has printed anything', async () => {
    const { outcome, starts } = await outcomeOf('b'.repeat(32), SLEEPER, () => {
      for (const pid of jailsOfThisProcess()) {
        process.kill(pid, 'SIGKILL');
      }
    });
    expect(outcome).toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
    expect(starts).toBe(1);
    expect(service.occupancy.running).toBe(0);
    const again = await outcomeOf('c'.repeat(32), 'def main(): return 3', () => undefined);
    expect(again.outcome).toMatchObject({ resultJson: Buffer.from('3') });
  });
});

/** Returns the ids of the nsjail processes that this one has started. */
function jailsOfThisProcess(): readonly number[] {
  return execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('nsjail'))
    .map((line) => parseInt(line, 10));
}
