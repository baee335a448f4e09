import { MAX_NOTE_BYTES, noteTooLong } from '../door/job-note';
import type { Submission } from './submission';

/** Returns what is noted of a submission with its execution. @throws RequestFailure where its texts alone are longer than any note */
export function noteOf(submission: Submission): string {
  const { source_code: source, stdin, expected_output: expected } = submission;
  const bytes = source.length + (stdin?.length ?? 0) + (expected?.length ?? 0);
  if (bytes > MAX_NOTE_BYTES) {
    throw noteTooLong(bytes);
  }
  return JSON.stringify({
    ...submission,
    stdin: stdin?.toString('utf8') ?? null,
    expected_output: expected?.toString('utf8') ?? null,
  });
}

/** By what a note of ours is known from what somebody has written: each member with its type. */
const TYPES: Readonly<Record<keyof Submission, readonly string[]>> = {
  source_code: ['string'],
  language_id: ['number'],
  stdin: ['string', 'null'],
  expected_output: ['string', 'null'],
  number_of_runs: ['number'],
  cpu_time_limit: ['number'],
  cpu_extra_time: ['number'],
  wall_time_limit: ['number'],
  memory_limit: ['number'],
  stack_limit: ['number'],
  max_processes_and_or_threads: ['number'],
  enable_per_process_and_thread_time_limit: ['boolean'],
  enable_per_process_and_thread_memory_limit: ['boolean'],
  max_file_size: ['number'],
  redirect_stderr_to_stdout: ['boolean'],
  enable_network: ['boolean'],
};

/** Returns the submission; null where it is none of ours: whoever can write to where it is kept can have written it. */
export function readNote(note: string): Submission | null {
  let value: unknown;
  try {
    value = JSON.parse(note);
  } catch {
    // A SyntaxError, for the same reason.
    return null;
  }
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  const members = value as Readonly<Record<string, unknown>>;
  const isOurs = Object.entries(TYPES).every(([name, types]) => {
    const member = members[name];
    return types.includes(member === null ? 'null' : typeof member);
  });
  return isOurs
    ? {
        ...(value as Submission),
        stdin: bytesOf(members['stdin']),
        expected_output: bytesOf(members['expected_output']),
      }
    : null;
}

function bytesOf(value: unknown): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value) : null;
}
