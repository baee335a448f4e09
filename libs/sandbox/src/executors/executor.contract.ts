import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_LIMITS, type ExecutionLimits } from '@pycell/contracts';
import { locateSandbox } from '../host/installation';
import type { SandboxPaths } from '../sandbox-options';
import type { RunReport, SandboxExecutor } from './sandbox-executor';

/** What the set-up made; these suites run real processes. */
export const REAL_PATHS: SandboxPaths = locateSandbox(resolve(__dirname, '../../../..'), {
  nsjail: process.env['NSJAIL_PATH'],
  sandboxRoot: process.env['SANDBOX_ROOT'],
  python: process.env['PYTHON'],
});

const LIMITS: ExecutionLimits = { ...DEFAULT_LIMITS, timeoutSeconds: 2, memoryLimitMb: 128 };
const never = new AbortController().signal;

/** Pids of all processes below this one. */
function descendants(): number[] {
  const parentOf = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state !== 'Z') {
        parentOf.set(Number(name), Number(parent));
      }
    } catch {
      // It ended while we looked.
    }
  }
  const isMine = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || isMine(parentOf.get(pid)));
  return [...parentOf.keys()].filter((pid) => pid !== process.pid && isMine(pid));
}

/**
 * What every executor owes, whatever it isolates. `create` makes one with the given limits.
 * `isolated` marks the one difference that is allowed: without a jail a script may start processes.
 */
export function describeExecutorContract(
  name: string,
  create: (options: { limits: ExecutionLimits; paths: SandboxPaths }) => SandboxExecutor,
  { isolated }: { isolated: boolean },
): void {
  const run = (script: string, limits: Partial<ExecutionLimits> = {}, signal = never): Promise<RunReport> =>
    create({ limits: { ...LIMITS, ...limits }, paths: REAL_PATHS }).run(
      { id: 'test', script, mode: 'run' },
      signal,
    );

  describe(`${name} keeps the executor contract: it`, () => {
    const before = new Set(descendants());
    afterEach(() => {
      expect(descendants().filter((pid) => !before.has(pid))).toEqual([]);
    });

    it('returns the result as Python wrote it, with output and measurements', async () => {
      const report = await run(
        'import sys\nprint("out")\ndef main():\n    print("err", file=sys.stderr)\n    return {"n": 2**200}',
      );
      expect(report.end).toMatchObject({ kind: 'returned' });
      expect(report.end.kind === 'returned' && report.end.json.toString()).toBe(`{"n": ${2n ** 200n}}`);
      expect(report).toMatchObject({ stdout: 'out\n', stderr: 'err\n' });
      expect(report.startMs).toBeGreaterThan(0);
      expect(report.cpuMs).toBeGreaterThan(0);
      expect(report.peakMemoryBytes).toBeGreaterThan(0);
    });

    it('has numpy and pandas for the script', async () => {
      const report = await run(
        'import numpy as np, pandas as pd\ndef main():\n    return pd.DataFrame({"a": np.arange(2)})',
        { memoryLimitMb: 512, timeoutSeconds: 10 },
      );
      expect(report.end.kind === 'returned' && report.end.json.toString()).toBe('[{"a": 0}, {"a": 1}]');
    });

    it('tells where the script failed', async () => {
      const report = await run('def main():\n    return 1 / 0');
      expect(report.end).toMatchObject({
        kind: 'failed',
        failure: {
          code: 'SCRIPT_ERROR',
          message: 'ZeroDivisionError: division by zero (line 2)',
          line: 2,
          column: 12,
        },
      });
    });

    it('executes nothing when it is only asked to compile', async () => {
      const executor = create({ limits: LIMITS, paths: REAL_PATHS });
      const request = { id: 'test', mode: 'compile' as const };
      const accepted = await executor.run({ ...request, script: 'print("ran")\n' }, never);
      expect(accepted).toMatchObject({ end: { kind: 'returned' }, stdout: '' });
      const refused = await executor.run({ ...request, script: 'def main(:' }, never);
      expect(refused.end).toMatchObject({
        kind: 'failed',
        failure: { code: 'SYNTAX_ERROR', line: 1, column: 10 },
      });
    });

    it('ends a script at its deadline and keeps what it printed, to the byte', async () => {
      const report = await run('def main():\n    print("so far", end="")\n    while True: pass', {
        timeoutSeconds: 0.5,
      });
      expect(report).toMatchObject({ end: { kind: 'timeout' }, stdout: 'so far' });
      expect(report.runMs).toBeGreaterThanOrEqual(500);
    });

    it('ends a script that prints more than it may, and keeps as much as it may', async () => {
      const report = await run('def main():\n    while True: print("x" * 100)', { maxOutputBytes: 1000 });
      expect(report.end.kind).toBe('output-limit');
      expect(Buffer.byteLength(report.stdout)).toBe(1000);
    });

    it('lets a script print exactly as much as it may', async () => {
      const report = await run('def main():\n    print("x" * 999)', { maxOutputBytes: 1000 });
      expect(report).toMatchObject({ end: { kind: 'returned' } });
      expect(report.stdout).toHaveLength(1000);
    });

    it('refuses memory beyond the limit', async () => {
      const report = await run('def main():\n    return len(bytearray(200 * 1024 * 1024))');
      expect(report.end).toMatchObject({ kind: 'failed', failure: { code: 'MEMORY_LIMIT', line: 2 } });
    });

    it('refuses results beyond the limit', async () => {
      const report = await run('def main():\n    return "x" * 1000', { maxResultBytes: 1000 });
      expect(report.end).toMatchObject({ kind: 'failed', failure: { code: 'RESULT_TOO_LARGE' } });
    });

    it.each([
      ['os._exit', 'import os\ndef main(): os._exit(3)', { kind: 'exited', exitCode: 3 }],
      ['a signal', 'import ctypes\ndef main(): ctypes.string_at(0)', { kind: 'crashed', signal: 'SIGSEGV' }],
      ['abort', 'import os\ndef main(): os.abort()', { kind: 'crashed', signal: 'SIGABRT' }],
      [
        'closing every descriptor',
        'import os\ndef main(): os.closerange(0, 4096)',
        { kind: 'channel-closed' },
      ],
      [
        'forging a result',
        'import os\ndef main():\n    for fd in range(3, 256):\n        try: os.write(fd, b"\\x14" + b"\\0" * 7 + b"\\0\\0\\0\\x01}")\n        except OSError: pass',
        { kind: 'malformed' },
      ],
    ])('has an orderly answer for a script that ends by %s', async (_how, script, end) => {
      expect((await run(script)).end).toMatchObject(end);
    });

    it('answers at once although threads and exit hooks are left behind', async () => {
      const report = await run(
        'import atexit, threading, time\ndef main():\n    atexit.register(print, "late")\n    threading.Thread(target=time.sleep, args=(60,)).start()\n    return 1',
      );
      expect(report).toMatchObject({ end: { kind: 'returned' }, stdout: '' });
    });

    it('leaves no process behind, however it was started', async () => {
      const report = await run(
        'import subprocess\ndef main():\n    subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)\n    return 1',
      );
      expect(report.end.kind).toBe(isolated ? 'failed' : 'returned');
    });

    it('ends a run when it is cancelled', async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 300);
      const report = await run('def main():\n    while True: pass', {}, controller.signal);
      expect(report.end.kind).toBe('cancelled');
      expect(report.runMs).toBeLessThan(1_900);
    });

    it('is cancelled before it begins by a signal that has aborted already', async () => {
      const report = await run('def main():\n    print("ran")', {}, AbortSignal.abort());
      expect(report.end.kind).toBe('cancelled');
    });

    it('keeps runs apart that happen at the same time', async () => {
      const reports = await Promise.all(
        Array.from({ length: 6 }, (_, number) =>
          run(
            `open("/tmp/mark" if ${isolated ? 'True' : 'False'} else "mark", "x").close()\nprint(${number})\ndef main(): return ${number}`,
          ),
        ),
      );
      expect(reports.map((report) => report.end.kind === 'returned' && report.end.json.toString())).toEqual([
        '0',
        '1',
        '2',
        '3',
        '4',
        '5',
      ]);
      expect(reports.map((report) => report.stdout)).toEqual(['0\n', '1\n', '2\n', '3\n', '4\n', '5\n']);
    });

    it('tells which Python and which packages scripts run on', async () => {
      const { version, packages } = await create({ limits: LIMITS, paths: REAL_PATHS }).describePython();
      expect(version).toMatch(/^3\.\d+\.\d+$/);
      expect(packages.map((entry) => entry.name)).toEqual(expect.arrayContaining(['numpy', 'pandas']));
    });
  });
}
