import type { ExecutionLimits } from '@pycell/contracts';

/** Submissions of one batch: Judge0's own number. */
export const MAX_BATCH_SIZE = 20;

const KIB_PER_MIB = 1024;

/** Limits of a submission by Judge0's names. What it does not name is not in it; times in seconds, sizes in KiB. */
export interface Judge0Limits {
  readonly cpu_time_limit: number;
  readonly max_cpu_time_limit: number;
  readonly cpu_extra_time: number;
  readonly max_cpu_extra_time: number;
  readonly wall_time_limit: number;
  readonly max_wall_time_limit: number;
  readonly memory_limit: number;
  readonly max_memory_limit: number;
  readonly stack_limit: number;
  readonly max_stack_limit: number;
  readonly max_processes_and_or_threads: number;
  readonly max_max_processes_and_or_threads: number;
  readonly max_file_size: number;
  readonly max_max_file_size: number;
  readonly number_of_runs: number;
  readonly max_number_of_runs: number;
}

/** Returns the limits of a caller. Those that it may not choose here are accepted within Judge0's own bounds, and ours hold. */
export function judge0Limits({
  timeoutSeconds,
  memoryLimitMb,
  maxThreads,
  tmpSizeMb,
}: ExecutionLimits): Judge0Limits {
  const memory = memoryLimitMb * KIB_PER_MIB;
  const file = tmpSizeMb * KIB_PER_MIB;
  return {
    cpu_time_limit: timeoutSeconds,
    max_cpu_time_limit: timeoutSeconds,
    cpu_extra_time: 0,
    max_cpu_extra_time: timeoutSeconds,
    wall_time_limit: timeoutSeconds,
    max_wall_time_limit: timeoutSeconds,
    memory_limit: memory,
    max_memory_limit: memory,
    stack_limit: 64_000,
    max_stack_limit: Math.max(128_000, memory),
    max_processes_and_or_threads: maxThreads,
    max_max_processes_and_or_threads: Math.max(120, maxThreads),
    max_file_size: file,
    max_max_file_size: Math.max(4_096, file),
    number_of_runs: 1,
    max_number_of_runs: 1,
  };
}

/** Returns what `GET /config_info` tells. @param maxQueueSize how many submissions may wait */
export function configInfo(limits: ExecutionLimits, maxQueueSize: number): object {
  return {
    maintenance_mode: false,
    enable_wait_result: true,
    enable_compiler_options: false,
    allowed_languages_for_compile_options: [],
    enable_command_line_arguments: false,
    enable_submission_delete: false,
    enable_callbacks: false,
    callbacks_max_tries: 0,
    callbacks_timeout: 0,
    enable_additional_files: false,
    max_queue_size: maxQueueSize,
    ...judge0Limits(limits),
    enable_per_process_and_thread_time_limit: false,
    allow_enable_per_process_and_thread_time_limit: false,
    enable_per_process_and_thread_memory_limit: false,
    allow_enable_per_process_and_thread_memory_limit: false,
    redirect_stderr_to_stdout: false,
    max_extract_size: 0,
    enable_batched_submissions: true,
    max_submission_batch_size: MAX_BATCH_SIZE,
    submission_cache_duration: 0,
    use_docs_as_homepage: false,
    allow_enable_network: false,
    enable_network: false,
  };
}
