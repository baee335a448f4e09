import type { Sliced } from '../door/slices';
import { encoded } from './base64';
import { type Judge0Language, languageOf } from './languages';
import { descriptionOf, type Judge0StatusId } from './statuses';
import type { Submission } from './submission';
import type { SubmissionResult } from './submission-result';

/** A submission, and how far it has come. Times in milliseconds since 1970. */
export interface KnownSubmission {
  readonly token: string;
  readonly submission: Submission;
  readonly status: Judge0StatusId;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  /** Null before its end. */
  readonly result: SubmissionResult | null;
}

/** Fields that hold texts of programs. */
const ENCODED = new Set([
  'source_code',
  'stdin',
  'expected_output',
  'stdout',
  'stderr',
  'compile_output',
  'message',
]);

const DEFAULT_FIELDS = [
  'stdout',
  'time',
  'memory',
  'stderr',
  'token',
  'compile_output',
  'message',
  'status',
] as const;

/** Texts as they are, or their bytes in UTF-8. */
type Value =
  | string
  | Buffer
  | number
  | boolean
  | null
  | Judge0Language
  | { readonly id: number; readonly description: string };

/** What is told of a submission, by names of fields. */
export type View = Readonly<Record<string, Exclude<Value, Buffer>>>;

/** Every field that there is, in Judge0's order, and how it is found. */
const FIELDS: Readonly<Record<string, (known: KnownSubmission, version: string | null) => Value>> = {
  source_code: ({ submission }) => submission.source_code,
  language_id: ({ submission }) => submission.language_id,
  stdin: ({ submission }) => submission.stdin,
  expected_output: ({ submission }) => submission.expected_output,
  stdout: ({ result }) => result?.stdout ?? null,
  status_id: ({ status }) => status,
  created_at: ({ createdAt }) => timeOf(createdAt),
  finished_at: ({ finishedAt }) => timeOf(finishedAt),
  time: ({ result }) => result?.time ?? null,
  memory: ({ result }) => result?.memory ?? null,
  stderr: ({ result }) => result?.stderr ?? null,
  token: ({ token }) => token,
  number_of_runs: ({ submission }) => submission.number_of_runs,
  cpu_time_limit: ({ submission }) => decimal(submission.cpu_time_limit),
  cpu_extra_time: ({ submission }) => decimal(submission.cpu_extra_time),
  wall_time_limit: ({ submission }) => decimal(submission.wall_time_limit),
  memory_limit: ({ submission }) => submission.memory_limit,
  stack_limit: ({ submission }) => submission.stack_limit,
  max_processes_and_or_threads: ({ submission }) => submission.max_processes_and_or_threads,
  enable_per_process_and_thread_time_limit: ({ submission }) =>
    submission.enable_per_process_and_thread_time_limit,
  enable_per_process_and_thread_memory_limit: ({ submission }) =>
    submission.enable_per_process_and_thread_memory_limit,
  max_file_size: ({ submission }) => submission.max_file_size,
  compile_output: ({ result }) => result?.compile_output ?? null,
  exit_code: ({ result }) => result?.exit_code ?? null,
  exit_signal: ({ result }) => result?.exit_signal ?? null,
  message: ({ result }) => result?.message ?? null,
  wall_time: ({ result }) => result?.wall_time ?? null,
  compiler_options: () => null,
  command_line_arguments: () => null,
  redirect_stderr_to_stdout: ({ submission }) => submission.redirect_stderr_to_stdout,
  callback_url: () => null,
  additional_files: () => null,
  enable_network: ({ submission }) => submission.enable_network,
  post_execution_filesystem: () => null,
  status: ({ status }) => ({ id: status, description: descriptionOf(status) }),
  language: ({ submission }, version) => languageOf(submission.language_id, version) ?? null,
};

/** Fields that somebody asked for and that there are not. */
export class InvalidFields extends Error {
  override readonly name = 'InvalidFields';
}

/** Returns the fields that are asked for: `*` all, none those that Judge0 tells by itself. @throws InvalidFields */
export function fieldsOf(asked: unknown): readonly string[] {
  const names = typeof asked === 'string' ? asked.split(',').filter((name) => name !== '') : [];
  if (names.includes('*')) {
    return Object.keys(FIELDS);
  }
  const unknown = names.filter((name) => !Object.hasOwn(FIELDS, name));
  if (unknown.length > 0) {
    throw new InvalidFields(`invalid fields: [${unknown.slice(0, 20).join(', ').slice(0, 400)}]`);
  }
  return names.length > 0 ? [...new Set(names)] : DEFAULT_FIELDS;
}

/** Returns what Judge0 tells of a submission; base64 is made in slices. @param version of the Python that there is */
export function* viewOf(
  known: KnownSubmission,
  fields: readonly string[],
  isBase64: boolean,
  version: string | null,
): Sliced<View> {
  const view = new Map<string, View[string]>();
  for (const name of fields) {
    const value = FIELDS[name]?.(known, version) ?? null;
    if (isBase64 && ENCODED.has(name) && (typeof value === 'string' || Buffer.isBuffer(value))) {
      view.set(name, yield* encoded(value));
    } else {
      view.set(name, Buffer.isBuffer(value) ? value.toString('utf8') : value);
    }
  }
  return Object.fromEntries(view);
}

function timeOf(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}

/** Rails writes decimals as texts. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
