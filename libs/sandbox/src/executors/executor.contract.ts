import { resolve } from 'node:path';
import { DEFAULT_LIMITS, type ExecutionLimits } from '@pycell/contracts';
import { locateSandbox } from '../host/installation';
import type { SandboxPaths } from '../host/installation';
import { type ObservedRun, runObserved } from '../run/observed-run.contract';
import type { SandboxExecutor } from '../run/sandbox-executor';
import type { ExecutorOptions } from './executor-options';
import { createExecutor } from './executors';
import { descendants, MARK_LINE, processesOfScripts, scriptRuns } from './script-processes.contract';
import { plainRun, type Run } from '../run/run';
import { describeBelongings, describeFiles } from './belongings.contract';
import { describeFlow } from './flow.contract';

function resultOf({ outcome }: ObservedRun): string | false {
  return outcome.status === 'OK' && outcome.result.toString();
}

function crashed(signal: string): object {
  return { status: 'SCRIPT_CRASHED', message: expect.stringContaining(signal) as string };
}

/** What the set-up made; these suites run real processes. */
export const REAL_PATHS: SandboxPaths = locateSandbox(resolve(__dirname, '../../../..'), {
  nsjail: process.env['NSJAIL_PATH'],
  sandboxRoot: process.env['SANDBOX_ROOT'],
  python: process.env['PYTHON'],
});

/** Fewer than runs are made at once: some wait for their spare. */
const MAX_CONCURRENCY = 2;
const LIMITS: ExecutionLimits = { ...DEFAULT_LIMITS, timeoutSeconds: 2, memoryLimitMb: 128 };
const never = new AbortController().signal;

/**
 * What every executor owes, whatever it isolates.
 * `isolated` marks the one difference that is allowed: without a jail a script may start processes. With one for all
 * runs a script is pid 1 of its own namespace, which the kernel spares the signals that it sends to itself.
 */
export function describeExecutorContract(
  name: string,
  build: ExecutorOptions['build'],
  { jailPerRun }: { jailPerRun: boolean },
): void {
  const isolated = build === 'cloud';
  const isPid1 = isolated && !jailPerRun;
  const executors = new Map<string, SandboxExecutor>();
  const gone: Promise<void>[] = [];

  const createWith = (limits: Partial<ExecutionLimits> = {}): SandboxExecutor =>
    createExecutor({
      build,
      limits: { ...LIMITS, ...limits },
      paths: REAL_PATHS,
      jailPerRun,
      jailProfile: 'full',
      maxConcurrency: MAX_CONCURRENCY,
    });
  /** Starting one takes a while: it is kept for all who want the same limits. */
  const executorWith = (limits: Partial<ExecutionLimits>): SandboxExecutor => {
    const key = JSON.stringify(limits);
    const executor = executors.get(key) ?? createWith(limits);
    executors.set(key, executor);
    return executor;
  };
  const runIn = async (executor: SandboxExecutor, script: string, signal = never): Promise<ObservedRun> => {
    const imports = script.includes('numpy') ? ['numpy', 'pandas'] : [];
    const run = plainRun(MARK_LINE + script, 'function', imports);
    const report = await runObserved(executor, run, signal);
    gone.push(report.gone);
    return report;
  };
  const run = (script: string, limits: Partial<ExecutionLimits> = {}, signal = never): Promise<ObservedRun> =>
    runIn(executorWith(limits), script, signal);

  describe(`${name} keeps the executor contract: it`, () => {
    jest.setTimeout(30_000);
    const before = new Set(descendants());
    afterEach(async () => {
      await Promise.all(gone.splice(0));
      expect(processesOfScripts()).toEqual([]);
    });
    const closeAll = async (): Promise<void> => {
      await Promise.all([...executors.values()].map((executor) => executor.close()));
      executors.clear();
    };
    afterAll(async () => {
      await closeAll();
      expect(descendants().filter((pid) => !before.has(pid))).toEqual([]);
    });

    const runThis = async (asked: Run): Promise<ObservedRun> => {
      const report = await runObserved(executorWith({ tmpSizeMb: 16 }), asked, never);
      gone.push(report.gone);
      return report;
    };
    describeBelongings(runThis);
    describeFiles(runThis);
    describeFlow(executorWith, gone);

    it('has proved before the first run what it promises', async () => {
      const executor = executorWith({});
      expect(executor.latestSelfTest).toBeNull();
      const { outcome } = await run('def main():\n    return 1');
      expect([outcome.status, executor.latestSelfTest?.passed]).toEqual(['OK', true]);
    });

    it('proves it again as often as it is asked to', async () => {
      const executor = executorWith({});
      const first = await executor.selfTest();
      const second = await executor.selfTest();
      expect(second.checks.filter(({ passed }) => !passed)).toEqual([]);
      expect(second.checks.map((check) => check.name).slice(0, 2)).toEqual(
        isolated ? ['processes', 'user'] : ['run'],
      );
      expect(second).not.toBe(first);
      expect(executor.latestSelfTest).toBe(second);
    });

    it('returns the result as Python wrote it, with output and measurements', async () => {
      const report = await run(
        'import sys\nprint("out")\ndef main():\n    print("err", file=sys.stderr)\n    big = bytearray(32 << 20)\n    return {"n": 2**200 + sum(big)}',
      );
      expect(resultOf(report)).toBe(`{"n": ${2n ** 200n}}`);
      expect(report).toMatchObject({ stdout: 'out\n', stderr: 'err\n' });
      expect(report.startMs).toBeGreaterThan(0);
      expect(report.cpuMs).toBeGreaterThan(0);
      expect(report.peakMemoryBytes).toBeGreaterThan(16 * 1024 * 1024);
    });

    it('has numpy and pandas for the script', async () => {
      const report = await run(
        'import numpy as np, pandas as pd\ndef main():\n    return pd.DataFrame({"a": np.arange(2)})',
        { memoryLimitMb: 512, timeoutSeconds: 10 },
      );
      expect(resultOf(report)).toBe('[{"a": 0}, {"a": 1}]');
    });

    it('tells where the script failed', async () => {
      const report = await run('def main():\n    return 1 / 0');
      expect(report.outcome).toMatchObject({
        status: 'SCRIPT_ERROR',
        message: 'ZeroDivisionError: division by zero (line 3)',
        line: 3,
        column: 12,
      });
    });

    it('executes nothing when it is only asked to compile', async () => {
      const executor = executorWith({});
      const accepted = await runObserved(executor, plainRun('print("ran")\n', 'compile'), never);
      expect(accepted).toMatchObject({ outcome: { status: 'OK' }, stdout: '' });
      const refused = await runObserved(executor, plainRun('def main(:', 'compile'), never);
      expect(refused.outcome).toMatchObject({
        status: 'SYNTAX_ERROR',
        line: 1,
        column: 10,
      });
    });

    it('ends a script at its deadline and keeps what it printed, to the byte', async () => {
      const report = await run('def main():\n    print("so far", end="")\n    while True: pass', {
        timeoutSeconds: 0.5,
      });
      expect(report).toMatchObject({ outcome: { status: 'TIMEOUT' }, stdout: 'so far' });
      expect(report.runMs).toBeGreaterThanOrEqual(500);
    });

    it('ends a script that prints more than it may, and keeps as much as it may', async () => {
      const report = await run('def main():\n    while True: print("x" * 100)', { maxOutputBytes: 1000 });
      expect(report.outcome.status).toBe('OUTPUT_LIMIT');
      expect(Buffer.byteLength(report.stdout)).toBe(1000);
    });

    it('lets a script print exactly as much as it may', async () => {
      const report = await run('def main():\n    print("x" * 999)', { maxOutputBytes: 1000 });
      expect(report).toMatchObject({ outcome: { status: 'OK' } });
      expect(report.stdout).toHaveLength(1000);
    });

    it('refuses memory beyond the limit', async () => {
      const report = await run('def main():\n    return len(bytearray(200 * 1024 * 1024))');
      expect(report.outcome).toMatchObject({ status: 'MEMORY_LIMIT', line: 3 });
    });

    it('refuses results beyond the limit', async () => {
      const report = await run('def main():\n    return "x" * 1000', { maxResultBytes: 1000 });
      expect(report.outcome).toMatchObject({ status: 'RESULT_TOO_LARGE' });
    });

    it.each([
      [
        'os._exit',
        'import os\ndef main(): os._exit(3)',
        { status: 'SCRIPT_EXITED', message: expect.stringContaining('exit code 3') },
      ],
      ['a signal', 'import ctypes\ndef main(): ctypes.string_at(0)', crashed('SIGSEGV')],
      ['abort', 'import os\ndef main(): os.abort()', crashed(isPid1 ? 'SIGSEGV' : 'SIGABRT')],
      [
        'a signal to itself',
        'import os\ndef main(): os.kill(os.getpid(), 15)',
        isPid1 ? { status: 'OK' } : crashed('SIGTERM'),
      ],
      [
        'closing every descriptor',
        'import os\ndef main(): os.closerange(0, 4096)',
        { status: 'SCRIPT_EXITED', message: expect.stringContaining('closed the descriptor') },
      ],
      [
        'forging a result',
        'import os\ndef main():\n    for fd in range(3, 256):\n        try: os.write(fd, b"\\x14" + b"\\0" * 7 + b"\\0\\0\\0\\x01}")\n        except OSError: pass',
        { status: 'SCRIPT_CRASHED', message: expect.stringContaining('channel') },
      ],
    ])('has an orderly answer for a script that ends by %s', async (_how, script, outcome) => {
      expect((await run(script)).outcome).toMatchObject(outcome);
    });

    it('answers at once although daemon threads are left behind, after exit hooks have run', async () => {
      const report = await run(
        'import atexit, threading, time\ndef main():\n    atexit.register(print, "late")\n    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n    return 1',
      );
      expect(report).toMatchObject({ outcome: { status: 'OK' }, stdout: 'late\n' });
    });

    it('leaves no process behind, however it was started', async () => {
      const report = await run(
        'import subprocess\ndef main():\n    subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)\n    return 1',
      );
      expect(report.outcome.status).toBe(isolated ? 'SCRIPT_ERROR' : 'OK');
    });

    it('ends a run when it is cancelled', async () => {
      const controller = new AbortController();
      const report = run('print("so far", flush=True)\nwhile True: pass', {}, controller.signal);
      await scriptRuns();
      controller.abort();
      expect((await report).outcome.status).toBe('CANCELLED');
    });

    it('is cancelled before it begins by a signal that has aborted already', async () => {
      const report = await run('def main():\n    print("ran")', {}, AbortSignal.abort());
      expect(report.outcome.status).toBe('CANCELLED');
    });

    it('keeps runs apart that happen at the same time', async () => {
      const reports = await Promise.all(
        Array.from({ length: 6 }, (_, number) =>
          run(
            `open("/tmp/mark" if ${isolated ? 'True' : 'False'} else "mark", "x").close()\nprint(${number})\ndef main(): return ${number}`,
          ),
        ),
      );
      expect(reports.map((report) => resultOf(report))).toEqual(['0', '1', '2', '3', '4', '5']);
      expect(reports.map((report) => report.stdout)).toEqual(['0\n', '1\n', '2\n', '3\n', '4\n', '5\n']);
    });

    it('ends what runs when it is closed, and runs nothing afterwards', async () => {
      await closeAll();
      const executor = createWith({});
      const report = runIn(executor, 'while True: pass');
      await scriptRuns();
      await executor.close();
      expect(descendants().filter((pid) => !before.has(pid))).toEqual([]);
      expect((await report).outcome.status).toBe('SANDBOX_UNAVAILABLE');
      expect((await runIn(executor, 'print("ran")')).outcome.status).toBe('SANDBOX_UNAVAILABLE');
    });

    it('tells which Python and which packages scripts run on', async () => {
      const { version, packages, modules } = await executorWith({}).describePython();
      expect(version).toMatch(/^3\.\d+\.\d+$/);
      expect(packages.map((entry) => entry.name)).toEqual(expect.arrayContaining(['numpy', 'pandas']));
      expect(modules).toEqual(expect.arrayContaining(['dateutil', 'json', 'math', 'pandas', 'sys']));
      expect(modules).toEqual([...modules].sort());
    });
  });
}
