import { constants } from 'node:os';
import { STATUSES } from '@pycell/contracts';
import type { ForeignAnswer } from '../door/interface-description';
import type { ForeignOutcome } from '../door/foreign-outcome';
import { knownLines } from '../door/front-line';
import { type ProgramReport, programReport } from '../door/program-end';
import { LANGUAGE } from './piston-request';

/** What Piston tells of a stage. */
export interface PistonStage {
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly output: string;
  /** Bytes. */
  readonly memory: number | null;
  readonly message: string | null;
  readonly status: 'RE' | 'SG' | 'TO' | 'OL' | 'EL' | null;
  /** Milliseconds. */
  readonly cpu_time: number | null;
  readonly wall_time: number | null;
}

type End = Pick<PistonStage, 'signal' | 'code' | 'message' | 'status'>;

/** By what Piston ends what has come to a limit. */
const KILLED = { signal: 'SIGKILL', code: null } as const;
const TOO_LONG: End = { ...KILLED, status: 'TO', message: 'Time limit exceeded' };

/** How a request was sent, as far as its answer depends on it. */
export interface PistonAsked {
  readonly version: string;
  readonly addedLines: 0 | 1;
  readonly maxCpuMs: number | null;
}

/** Returns the answer to `POST /api/v2/execute`. */
export function pistonAnswer(outcome: ForeignOutcome, asked: PistonAsked): ForeignAnswer {
  const report = programReport(knownLines(outcome, asked.addedLines));
  if (report) {
    return { status: 200, body: { run: stageOf(report, asked), language: LANGUAGE, version: asked.version } };
  }
  // A value without a run behind it is no outcome of one: what is left is a failure.
  const { code, message, retryAfterSeconds } = outcome as Extract<ForeignOutcome, { kind: 'failed' }>;
  return {
    status: STATUSES[code].http,
    body: { message },
    ...(retryAfterSeconds !== undefined && { headers: { 'Retry-After': String(retryAfterSeconds) } }),
  };
}

function stageOf(report: ProgramReport, { maxCpuMs }: PistonAsked): PistonStage {
  const { stdout, stderr, cpuMs, wallMs, memoryBytes } = report;
  const { signal, code, message, status } =
    maxCpuMs !== null && cpuMs !== null && cpuMs > maxCpuMs ? TOO_LONG : endOf(report);
  return {
    signal,
    stdout,
    stderr,
    code,
    // In the order in which they were written nobody has them.
    output: stdout + stderr,
    memory: memoryBytes,
    message,
    status,
    cpu_time: rounded(cpuMs),
    // No run takes none.
    wall_time: wallMs === null ? null : Math.ceil(wallMs),
  };
}

function endOf({ end, stdout, stderr }: ProgramReport): End {
  switch (end.kind) {
    case 'exited':
      return end.code === 0
        ? { signal: null, code: 0, message: null, status: null }
        : { signal: null, code: end.code, message: `Exited with error status ${end.code}`, status: 'RE' };
    case 'crashed':
      return { signal: end.signal, code: null, message: crashMessage(end.signal), status: 'SG' };
    case 'stopped':
      return STOPPED[end.at === 'output' && stderr.length > stdout.length ? 'errors' : end.at];
  }
}

/** Piston has a limit for each of both, and clients know its words for them: here that is told which is longer. */
const STOPPED: Readonly<Record<'time' | 'memory' | 'output' | 'errors', End>> = {
  time: TOO_LONG,
  memory: { ...KILLED, status: 'SG', message: 'Memory limit exceeded' },
  output: { ...KILLED, status: 'OL', message: 'stdout length exceeded' },
  errors: { ...KILLED, status: 'EL', message: 'stderr length exceeded' },
};

function crashMessage(signal: string | null): string {
  const number = signal === null ? undefined : constants.signals[signal as NodeJS.Signals];
  return number === undefined ? 'The program broke off' : `Caught fatal signal ${number}`;
}

function rounded(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds);
}
