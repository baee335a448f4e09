import { constants } from 'node:os';
import type { ForeignOutcome } from '../door/foreign-outcome';
import { type ProgramEnd, type ProgramReport, programReport } from '../door/program-end';
import { isSameOutput } from './same-output';
import { type Judge0StatusId, STATUS, statusOfSignal } from './statuses';
import type { Submission } from './submission';

/** What Judge0 tells of a submission that has ended. */
export interface SubmissionResult {
  readonly status: Judge0StatusId;
  readonly stdout: string | null;
  readonly stderr: string | null;
  readonly compile_output: string | null;
  readonly message: string | null;
  readonly exit_code: number | null;
  readonly exit_signal: number | null;
  /** Seconds of CPU and wall time, as text. */
  readonly time: string | null;
  readonly wall_time: string | null;
  /** KiB. */
  readonly memory: number | null;
}

type End = Pick<SubmissionResult, 'status' | 'message' | 'exit_code' | 'exit_signal'>;

const NOTHING: Omit<SubmissionResult, 'status'> = {
  stdout: null,
  stderr: null,
  compile_output: null,
  message: null,
  exit_code: null,
  exit_signal: null,
  time: null,
  wall_time: null,
  memory: null,
};

const TOO_LONG: End = {
  status: STATUS.timeLimit,
  message: 'Time limit exceeded',
  exit_code: null,
  exit_signal: null,
};

/** Of one that was cancelled by other means than Judge0's, which has none. */
export const CANCELLED: SubmissionResult = {
  ...NOTHING,
  status: STATUS.internalError,
  message: 'The execution was cancelled',
};

/** Whether a submission has ended so. What else keeps one from being run is told to who sends it. */
export function isEnd(outcome: ForeignOutcome): boolean {
  return (
    programReport(outcome) !== null || (outcome.kind === 'failed' && outcome.code === 'POLICY_VIOLATION')
  );
}

/** Returns what came of a submission, by its expected output and its limit of CPU time, too. */
export function resultOf(outcome: ForeignOutcome, submission: Submission): SubmissionResult {
  const report = programReport(outcome);
  if (!report) {
    return refusedResult(outcome);
  }
  const { stdout, stderr } = printedOf(report, submission);
  return {
    ...NOTHING,
    ...endOf(report, submission, stdout),
    stdout: stdout === '' ? null : stdout,
    stderr: stderr === '' ? null : stderr,
    time: secondsOf(report.cpuMs),
    wall_time: secondsOf(report.wallMs),
    memory: report.memoryBytes === null ? null : Math.ceil(report.memoryBytes / 1024),
  };
}

/** Nothing was run: the script was refused before, which comes closest to a compiler that does; or it is our fault. */
function refusedResult(outcome: ForeignOutcome): SubmissionResult {
  const { code, message } = outcome as Extract<ForeignOutcome, { kind: 'failed' }>;
  return code === 'POLICY_VIOLATION'
    ? { ...NOTHING, status: STATUS.compilationError, compile_output: `${message}\n` }
    : { ...NOTHING, status: STATUS.internalError, message };
}

/** Where both go to one, those of errors come last: nobody has them in the order in which they were written. */
function printedOf(
  { stdout, stderr }: ProgramReport,
  { redirect_stderr_to_stdout: isOne }: Submission,
): Pick<ProgramReport, 'stdout' | 'stderr'> {
  return isOne ? { stdout: stdout + stderr, stderr: '' } : { stdout, stderr };
}

function endOf(report: ProgramReport, submission: Submission, stdout: string): End {
  const { cpu_time_limit: limit, cpu_extra_time: extra, expected_output: expected } = submission;
  if (report.cpuMs !== null && report.cpuMs > 1_000 * (limit + extra)) {
    return TOO_LONG;
  }
  const end = endOfProgram(report.end);
  return end.status === STATUS.accepted && expected !== null && !isSameOutput(expected, Buffer.from(stdout))
    ? { ...end, status: STATUS.wrongAnswer }
    : end;
}

function endOfProgram(end: ProgramEnd): End {
  switch (end.kind) {
    case 'exited':
      return end.code === 0
        ? { status: STATUS.accepted, message: null, exit_code: 0, exit_signal: null }
        : {
            status: STATUS.nonZeroExit,
            message: `Exited with error status ${end.code}`,
            exit_code: end.code,
            exit_signal: null,
          };
    case 'crashed':
      return killed(statusOfSignal(end.signal), end.signal, null);
    case 'stopped':
      return STOPPED[end.at]();
  }
}

const STOPPED: Readonly<Record<'time' | 'memory' | 'output', () => End>> = {
  time: () => TOO_LONG,
  memory: () => killed(STATUS.otherRuntimeError, 'SIGKILL', 'Memory limit exceeded'),
  // Judge0 has output in files, whose sizes are limited.
  output: () => killed(STATUS.sigxfsz, 'SIGXFSZ', 'Output limit exceeded'),
};

function killed(status: Judge0StatusId, signal: string | null, message: string | null): End {
  const number = signal === null ? undefined : constants.signals[signal as NodeJS.Signals];
  return {
    status,
    message: message ?? (number === undefined ? 'The program broke off' : `Caught fatal signal ${number}`),
    exit_code: null,
    exit_signal: number ?? null,
  };
}

function secondsOf(milliseconds: number | null): string | null {
  return milliseconds === null ? null : (milliseconds / 1_000).toFixed(3);
}
