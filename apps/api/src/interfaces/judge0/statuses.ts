/** What may become of a submission, by Judge0's numbers and words. */
export const JUDGE0_STATUSES = [
  { id: 1, description: 'In Queue' },
  { id: 2, description: 'Processing' },
  { id: 3, description: 'Accepted' },
  { id: 4, description: 'Wrong Answer' },
  { id: 5, description: 'Time Limit Exceeded' },
  { id: 6, description: 'Compilation Error' },
  { id: 7, description: 'Runtime Error (SIGSEGV)' },
  { id: 8, description: 'Runtime Error (SIGXFSZ)' },
  { id: 9, description: 'Runtime Error (SIGFPE)' },
  { id: 10, description: 'Runtime Error (SIGABRT)' },
  { id: 11, description: 'Runtime Error (NZEC)' },
  { id: 12, description: 'Runtime Error (Other)' },
  { id: 13, description: 'Internal Error' },
  { id: 14, description: 'Exec Format Error' },
] as const;

export type Judge0StatusId = (typeof JUDGE0_STATUSES)[number]['id'];

export const STATUS = {
  queued: 1,
  processing: 2,
  accepted: 3,
  wrongAnswer: 4,
  timeLimit: 5,
  compilationError: 6,
  sigsegv: 7,
  sigxfsz: 8,
  sigfpe: 9,
  sigabrt: 10,
  nonZeroExit: 11,
  otherRuntimeError: 12,
  internalError: 13,
} as const satisfies Readonly<Record<string, Judge0StatusId>>;

const OF_SIGNALS: Readonly<Record<string, Judge0StatusId>> = {
  SIGSEGV: STATUS.sigsegv,
  SIGXFSZ: STATUS.sigxfsz,
  SIGFPE: STATUS.sigfpe,
  SIGABRT: STATUS.sigabrt,
};

export function statusOfSignal(signal: string | null): Judge0StatusId {
  return OF_SIGNALS[signal ?? ''] ?? STATUS.otherRuntimeError;
}

export function descriptionOf(id: Judge0StatusId): string {
  return JUDGE0_STATUSES[id - 1]?.description ?? '';
}
