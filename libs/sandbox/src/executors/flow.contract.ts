import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionLimits } from '@pycell/contracts';
import { plainRun, type Run } from '../run/run';
import type { OutputFlow, OutputStream, RunObserver } from '../run/run-observer';
import type { SandboxExecutor } from '../run/sandbox-executor';
import { descendants, MARK_LINE } from './script-processes.contract';

const MIB = 1024 * 1024;
const PIPE_BYTES = 64 * 1024;
/** What may be on its way when a run is paused: what the supervisor could not send yet, for all runs together, and the sockets. */
const UNDER_WAY_BYTES = 10 * MIB;
const PRINTED_BYTES = 64 * MIB;
const FLOW_LIMITS: Partial<ExecutionLimits> = { maxOutputBytes: 128 * MIB, timeoutSeconds: 30 };
const never = new AbortController().signal;

type OnPiece = (stream: OutputStream, bytes: Buffer, flow: OutputFlow) => void;

/** A reader that holds the output back, at once: nothing of the run has been read then. */
class SlowReader implements RunObserver {
  readonly begun: Promise<OutputFlow>;
  readonly gone: Promise<void>;
  bytes = 0;
  private readonly texts = { stdout: '', stderr: '' };
  private flow!: OutputFlow;
  private begin!: (flow: OutputFlow) => void;
  private settle!: () => void;

  /** @param onPiece hears what comes; without one it is kept, as text of one byte a character. */
  constructor(private readonly onPiece?: OnPiece) {
    this.begun = new Promise((resolve) => (this.begin = resolve));
    this.gone = new Promise((resolve) => (this.settle = resolve));
  }

  onBegin(flow: OutputFlow): void {
    this.flow = flow;
    flow.pause();
    this.begin(flow);
  }

  onOutput(stream: OutputStream, bytes: Buffer): void {
    this.bytes += bytes.length;
    if (this.onPiece) {
      this.onPiece(stream, bytes, this.flow);
    } else {
      this.texts[stream] += bytes.toString('latin1');
    }
  }

  onRestart(): boolean {
    return false;
  }

  onGone(): void {
    this.settle();
  }

  text(stream: OutputStream): string {
    return this.texts[stream];
  }
}

/** What the supervisors have in memory, bytes: zygotes come and go. */
function residentBytes(): number {
  return descendants().reduce((sum, pid) => {
    try {
      const isSupervisor = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--control');
      const [, kib = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return isSupervisor ? sum + Number(kib) * 1024 : sum;
    } catch {
      // It ended meanwhile.
      return sum;
    }
  }, 0);
}

/** Waits until what was on its way has come: on a busy machine that may take a while. */
async function standing(reader: SlowReader): Promise<void> {
  let before: number;
  do {
    before = reader.bytes;
    await delay(500);
  } while (reader.bytes !== before);
}

const scriptOf = (text: string, parts: Partial<Run> = {}): Run => ({
  ...plainRun(MARK_LINE + text),
  ...parts,
});
/** Prints so many bytes, each MiB another letter, without keeping them. */
const printing = (mib: number): string =>
  `import sys\ndef main():\n    for n in range(${mib}): sys.stdout.buffer.write(bytes([65 + n % 26]) * ${MIB})\n    return "done"`;

/** What every executor owes to who reads the output of its runs slowly. */
export function describeFlow(
  executorWith: (limits: Partial<ExecutionLimits>) => SandboxExecutor,
  gone: Promise<void>[],
): void {
  const runWith = (reader: SlowReader, run: Run, signal = never, limits = FLOW_LIMITS) => {
    gone.push(reader.gone);
    return executorWith(limits).run(run, reader, signal);
  };

  it('has a script wait that nobody reads from, and delivers every byte in order when it is read from again', async () => {
    const hash = createHash('sha256');
    let pauseAt = MIB;
    let onPause = (): void => undefined;
    const reader = new SlowReader((_stream, bytes, flow) => {
      hash.update(bytes);
      if (reader.bytes >= pauseAt) {
        pauseAt = Infinity;
        flow.pause();
        onPause();
      }
    });
    const paused = new Promise<void>((resolve) => (onPause = resolve));
    const running = runWith(reader, scriptOf(printing(PRINTED_BYTES / MIB)));
    const flow = await reader.begun;
    flow.resume();
    await paused;
    await standing(reader);
    const before = { read: reader.bytes, resident: residentBytes(), own: process.memoryUsage().arrayBuffers };
    await delay(400);
    expect(reader.bytes).toBe(before.read);
    expect(reader.bytes).toBeLessThan(MIB + UNDER_WAY_BYTES);
    expect(residentBytes() - before.resident).toBeLessThan(8 * MIB);
    expect(process.memoryUsage().arrayBuffers - before.own).toBeLessThan(8 * MIB);
    // It stops and goes from here on, as the socket of a client does that is full again and again.
    const goOn = (): void => {
      pauseAt = reader.bytes + MIB;
      flow.resume();
    };
    onPause = () => setTimeout(goOn, 1);
    goOn();
    expect((await running).outcome).toMatchObject({ status: 'OK', result: Buffer.from('"done"') });
    expect(reader.bytes).toBe(PRINTED_BYTES);
    const expected = createHash('sha256');
    for (let n = 0; n < PRINTED_BYTES / MIB; n++) {
      expected.update(Buffer.alloc(MIB, 65 + (n % 26)));
    }
    expect(hash.digest('hex')).toBe(expected.digest('hex'));
  });

  it('ends a script at its deadline although nobody reads from it, and delivers what its pipe holds', async () => {
    const reader = new SlowReader();
    const report = await runWith(reader, scriptOf(printing(2), { limits: { timeoutMs: 500 } }));
    expect(report.outcome.status).toBe('TIMEOUT');
    expect(report.runMs).toBeGreaterThanOrEqual(500);
    expect(report.runMs).toBeLessThan(10_000);
    expect(reader.bytes).toBeGreaterThanOrEqual(PIPE_BYTES);
    expect(reader.bytes).toBeLessThanOrEqual(3 * PIPE_BYTES);
    expect(reader.text('stdout')).toBe('A'.repeat(reader.bytes));
  });

  it('counts the time of a script that waits at its end, too, for somebody to read', async () => {
    const reader = new SlowReader();
    const script = `import sys\ndef main():\n    sys.stderr.write("e" * 9)\n    print("x" * ${2 * PIPE_BYTES})\n    return 1`;
    const report = await runWith(reader, scriptOf(script, { limits: { timeoutMs: 500 } }));
    expect(report.outcome.status).toBe('TIMEOUT');
    expect(reader.text('stderr')).toBe('eeeeeeeee');
  });

  it('delivers what a script printed that ends while nobody reads from it', async () => {
    const reader = new SlowReader();
    const script =
      'import sys, time\ndef main():\n    print("out")\n    print("err", file=sys.stderr)\n    time.sleep(0.05)\n    print("last")\n    return 1';
    expect((await runWith(reader, scriptOf(script))).outcome.status).toBe('OK');
    expect([reader.text('stdout'), reader.text('stderr')]).toEqual(['out\nlast\n', 'err\n']);
    const failing = new SlowReader();
    const { outcome } = await runWith(failing, scriptOf('print("so far")\n1 / 0'));
    expect([outcome.status, failing.text('stdout')]).toEqual(['SCRIPT_ERROR', 'so far\n']);
  });

  it('counts what waits in the pipe towards the limit of output', async () => {
    const reader = new SlowReader();
    const script = 'import time\ndef main():\n    print("x" * 2000, flush=True)\n    time.sleep(0.05)';
    const report = await runWith(reader, scriptOf(script), never, { maxOutputBytes: 1000 });
    expect([report.outcome.status, reader.text('stdout')]).toEqual(['OUTPUT_LIMIT', 'x'.repeat(1000)]);
  });

  it('ends a run that is cancelled while nobody reads from it', async () => {
    const client = new AbortController();
    const reader = new SlowReader();
    const running = runWith(reader, scriptOf(printing(64)), client.signal);
    await reader.begun;
    await delay(100);
    const since = performance.now();
    client.abort();
    expect((await running).outcome.status).toBe('CANCELLED');
    expect(performance.now() - since).toBeLessThan(10_000);
  });

  it('lets no run wait for another that nobody reads from, and mixes none of their output', async () => {
    const client = new AbortController();
    const held = new SlowReader();
    const holding = runWith(held, scriptOf(printing(64)), client.signal);
    await held.begun;
    const readers = Array.from({ length: 3 }, () => new SlowReader());
    const runs = readers.map(async (reader, number) => {
      const running = runWith(
        reader,
        scriptOf(`print("${number}" * ${MIB}, end="")\ndef main(): return ${number}`),
      );
      (await reader.begun).resume();
      return running;
    });
    const reports = await Promise.all(runs);
    expect(reports.map(({ outcome }) => outcome.status)).toEqual(['OK', 'OK', 'OK']);
    for (const [number, reader] of readers.entries()) {
      expect(reader.text('stdout') === String(number).repeat(MIB)).toBe(true);
    }
    expect(held.bytes).toBe(0);
    client.abort();
    await holding;
  });
}
