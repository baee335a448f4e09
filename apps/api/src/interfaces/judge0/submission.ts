import type { LimitRange } from '@pycell/contracts';
import type { ForeignRequest } from '../door/foreign-request';
import { isTextOfBody, textBytesOf } from '../door/text-bytes';
import { decoded } from './base64';
import type { Judge0Limits } from './configuration';
import { isLanguage } from './languages';

const KIB_PER_MIB = 1024;

/** A submission as Judge0 keeps it, with the defaults of what was left out. It is what is noted with its execution. */
export interface Submission {
  readonly source_code: string;
  readonly language_id: number;
  /** UTF-8; in a large body, it lies there. */
  readonly stdin: Buffer | null;
  readonly expected_output: Buffer | null;
  readonly number_of_runs: number;
  /** Seconds. */
  readonly cpu_time_limit: number;
  readonly cpu_extra_time: number;
  readonly wall_time_limit: number;
  /** KiB. */
  readonly memory_limit: number;
  readonly stack_limit: number;
  readonly max_processes_and_or_threads: number;
  readonly enable_per_process_and_thread_time_limit: boolean;
  readonly enable_per_process_and_thread_memory_limit: boolean;
  readonly max_file_size: number;
  readonly redirect_stderr_to_stdout: boolean;
  readonly enable_network: boolean;
}

/** What is wrong with a submission, by its fields. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** A submission that Judge0 would not save. */
export class InvalidSubmission extends Error {
  override readonly name = 'InvalidSubmission';

  constructor(readonly errors: FieldErrors) {
    super('the submission is not valid');
  }
}

type Members = Readonly<Record<string, unknown>>;
type NumberField = {
  [Name in keyof Submission]: Submission[Name] extends number ? Name : never;
}[keyof Submission];

/** Each with the name of its largest value. */
const NUMBERS = {
  number_of_runs: 'max_number_of_runs',
  cpu_time_limit: 'max_cpu_time_limit',
  cpu_extra_time: 'max_cpu_extra_time',
  wall_time_limit: 'max_wall_time_limit',
  memory_limit: 'max_memory_limit',
  stack_limit: 'max_stack_limit',
  max_processes_and_or_threads: 'max_max_processes_and_or_threads',
  max_file_size: 'max_max_file_size',
} as const satisfies Partial<Record<NumberField, keyof Judge0Limits>>;

/** What may be sent and not used, by what Judge0 says where an operator has switched it off. */
const NOT_ALLOWED: Readonly<Record<string, string>> = {
  compiler_options: 'setting compiler options is only allowed for compiled languages',
  command_line_arguments:
    'setting command line arguments is not allowed: send what the program needs as stdin',
  callback_url: 'setting callback is not allowed: ask for the submission by its token',
  additional_files: 'setting additional files is not allowed',
  enable_network: 'enabling network is not allowed',
  enable_per_process_and_thread_time_limit: 'this option cannot be enabled',
  enable_per_process_and_thread_memory_limit: 'this option cannot be enabled',
};

/**
 * Reads a submission by Judge0's rules and with its words.
 * @param isBase64 whether source, standard input and expected output are base64
 * @throws InvalidSubmission
 */
export function readSubmission(
  body: unknown,
  isBase64: boolean,
  limits: Judge0Limits,
  memoryMb: LimitRange,
): Submission {
  const members: Members =
    typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Members) : {};
  const errors = new Errors();
  const textOf = (name: string): Buffer | null => readText(members, name, isBase64, errors);
  const [bytes, stdin, expected] = ['source_code', 'stdin', 'expected_output'].map(textOf);
  const source = bytes?.toString('utf8');
  if (!source?.trim()) {
    errors.addOnly('source_code');
  }
  const language = languageIdOf(members, errors);
  const numbers = numbersOf(members, limits, errors);
  const leastMemory = memoryMb.min * KIB_PER_MIB;
  if (numbers.memory_limit < leastMemory) {
    errors.addOnly('memory_limit', `must be greater than or equal to ${leastMemory}`);
  }
  for (const [name, message] of Object.entries(NOT_ALLOWED)) {
    if (isSet(members[name])) {
      errors.add(name, message);
    }
  }
  errors.throwIfAny();
  return {
    source_code: source ?? '',
    language_id: language,
    stdin: stdin ?? null,
    expected_output: expected ?? null,
    ...numbers,
    enable_per_process_and_thread_time_limit: false,
    enable_per_process_and_thread_memory_limit: false,
    redirect_stderr_to_stdout: isSet(members['redirect_stderr_to_stdout']),
    enable_network: false,
  };
}

/** Returns what is executed of a submission. */
export function requestOf(submission: Submission, timeoutMs: LimitRange): ForeignRequest {
  const { source_code: script, stdin, wall_time_limit: seconds, memory_limit: kib } = submission;
  return {
    script,
    mode: 'script',
    stdin: stdin ?? Buffer.alloc(0),
    limits: {
      timeoutMs: Math.min(timeoutMs.max, Math.max(timeoutMs.min, Math.round(seconds * 1_000))),
      memoryMb: Math.floor(kib / KIB_PER_MIB),
    },
  };
}

/** What is wrong, gathered: Judge0 tells all of it at once. */
class Errors {
  private readonly found = new Map<string, string[]>();

  add(field: string, message: string): void {
    this.found.set(field, [...(this.found.get(field) ?? []), message]);
  }

  /** Says so where nothing else is wrong with it. */
  addOnly(field: string, message = "can't be blank"): void {
    if (!this.found.has(field)) {
      this.add(field, message);
    }
  }

  throwIfAny(): void {
    if (this.found.size > 0) {
      throw new InvalidSubmission(Object.fromEntries(this.found));
    }
  }
}

function readText(members: Members, name: string, isBase64: boolean, errors: Errors): Buffer | null {
  const value = members[name] ?? null;
  if (value === null) {
    return null;
  }
  if (!isTextOfBody(value)) {
    errors.add(name, 'must be a text');
    return null;
  }
  const sent = textBytesOf(value);
  const text = isBase64 && sent ? decoded(sent) : sent;
  if (!text) {
    errors.add(name, 'must be text in UTF-8');
  }
  return text;
}

function languageIdOf(members: Members, errors: Errors): number {
  const sent = members['language_id'] ?? '';
  const id = numberOf(sent);
  if (sent === '') {
    errors.addOnly('language_id');
  } else if (id === null || !isLanguage(id)) {
    errors.add(
      'language_id',
      `language with id ${shown(sent)} doesn't exist here: this service runs Python 3, GET /languages lists its ids`,
    );
  }
  return id ?? 0;
}

function numbersOf(
  members: Members,
  limits: Judge0Limits,
  errors: Errors,
): Pick<Submission, keyof typeof NUMBERS> {
  const names = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[];
  return Object.fromEntries(
    names.map((name) => {
      const sent = members[name] ?? null;
      const value = sent === null ? limits[name] : numberOf(sent);
      const most = limits[NUMBERS[name]];
      if (value === null) {
        errors.add(name, 'is not a number');
      } else if (value < 0 || (value === 0 && name !== 'cpu_extra_time')) {
        errors.add(name, 'must be greater than 0');
      } else if (value > most) {
        errors.add(name, `must be less than or equal to ${most}`);
      }
      return [name, value ?? 0] as const;
    }),
  ) as Pick<Submission, keyof typeof NUMBERS>;
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,12}(\.\d{1,12})?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Whether it is true in the sense of Rails: nothing, an empty text, false, 0 and their spellings are not; lists and objects are. */
function isSet(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return !['', 'false', 'f', '0', 'off'].includes(String(value).toLowerCase());
    default:
      return value !== undefined && value !== null;
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : typeof value;
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
