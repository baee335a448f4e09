/** Generated from docs/openapi.json by `npm run generate`: do not edit. */
export interface paths {
  readonly '/execute': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Execute a Python script
     * @description Runs the script and calls its main() with the inputs, or runs it as a program. Returns its value as JSON, what it printed, and the files and figures that it left: in one answer, or, where `Accept` prefers a stream, event by event while it runs. What fails before the script is handed over is an error answer; what fails later is an event of the stream.
     */
    readonly post: operations['execute'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/execute/batch': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Execute a Python script for many inputs
     * @description Judges the script once, and runs it once for each of the inputs, each in a run of its own with its own limits and outcome. Answers with an array in the order of the inputs, or, where `Accept` prefers application/x-ndjson, with a line for each as soon as it has ended.
     */
    readonly post: operations['executeBatch'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/validate': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Describe a Python script
     * @description Tells what the script policy and CPython say of the script, what it imports, and the parameters of its main() as JSON Schema. Nothing of it is executed, decorators and defaults neither.
     */
    readonly post: operations['validate'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/executions': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly get?: never;
    readonly put?: never;
    /**
     * Start a Python script in the background
     * @description Answers as soon as the execution is kept; it runs when there is a place for it, and is asked for, followed and cancelled by its id. What is wrong with the request or too large is told at once, all else is its outcome. Without REDIS_URL executions are kept in memory, and a restart of the service loses them.
     */
    readonly post: operations['startExecution'];
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/executions/{id}': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Ask what has become of an execution
     * @description With its outcome, once it has ended: the status and the body with which POST /execute would have answered. It is kept for EXECUTION_TTL seconds, where there is room for so long.
     */
    readonly get: operations['getExecution'];
    readonly put?: never;
    readonly post?: never;
    /**
     * Cancel an execution
     * @description One that waits does not run, one that runs is ended; one that has ended stays as it is. What has become of it is kept like any other end.
     */
    readonly delete: operations['cancelExecution'];
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/executions/{id}/events': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Follow an execution by its events
     * @description Sends what has happened so far, then what happens, until the end. A stream that breaks off, as each does after ten minutes, is resumed behind the last event that came, by `Last-Event-ID`, as browsers do it by themselves.
     */
    readonly get: operations['followExecution'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/modules': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * List the modules that scripts can import
     * @description Top-level modules of the standard library and of the packages, those that the policy blocks included.
     */
    readonly get: operations['modules'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Describe the service
     * @description Versions, packages, limits, isolation and its latest self-test, endpoints, and how to use them. Where a key comes with the request, limits and policy are those of the key.
     */
    readonly get: operations['describe'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/health': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Overall health: readiness, and what can be done without */
    readonly get: operations['checkHealth'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/health/live': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Liveness: the process answers
     * @description Never touches the sandbox.
     */
    readonly get: operations['checkLiveness'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/health/ready': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /**
     * Readiness: scripts can be executed
     * @description The isolation self-test passed within the last seconds, and the service is not shutting down.
     */
    readonly get: operations['checkReadiness'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
  readonly '/health/startup': {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    /** Startup: the sandbox has worked at least once */
    readonly get: operations['checkStartup'];
    readonly put?: never;
    readonly post?: never;
    readonly delete?: never;
    readonly options?: never;
    readonly head?: never;
    readonly patch?: never;
    readonly trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    readonly ScriptViolation: {
      /** @example Dangerous operation detected: import os */
      readonly message: string;
      /**
       * @description 1-based line
       * @example 1
       */
      readonly line: number;
      /**
       * @description 1-based column, in code points
       * @example 8
       */
      readonly column: number;
      /**
       * @description Line of the end
       * @example 1
       */
      readonly endLine: number;
      /**
       * @description Column behind the end
       * @example 10
       */
      readonly endColumn: number;
      /** @description What to do instead */
      readonly hint?: string;
    };
    readonly Artifact: {
      /**
       * @description Relative path, safe to write below a folder of your own
       * @example figure-1.png
       */
      readonly name: string;
      /**
       * @description From a table by the extension of the name
       * @example image/png
       */
      readonly mediaType: string;
      /** @example 18231 */
      readonly sizeBytes: number;
      /**
       * Format: byte
       * @description The content as base64
       * @example iVBORw0KGgo=
       */
      readonly base64: string;
    };
    readonly HeldLimits: {
      /**
       * @description Wall time of the run, ms
       * @example 10000
       */
      readonly timeoutMs: number;
      /**
       * @description Memory of the run, MiB
       * @example 512
       */
      readonly memoryMb: number;
    };
    readonly ExecutionTimings: {
      /**
       * @description Waiting for a free place, ms
       * @example 0.1
       */
      readonly queueMs: number;
      /**
       * @description Judging the script by the policy, ms
       * @example 0.4
       */
      readonly policyMs: number;
      /**
       * @description From there until the script's clock starts, ms
       * @example 0.6
       */
      readonly startMs: number;
      /**
       * @description While the script's clock ran, ms
       * @example 1.8
       */
      readonly runMs: number;
      /**
       * @description From the end of the script until the answer was complete, ms
       * @example 0.6
       */
      readonly resultMs: number;
    };
    readonly ExecutionReport: {
      /**
       * Format: uuid
       * @description Unique id of this execution
       * @example 7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd
       */
      readonly id: string;
      /**
       * @description What separated the run from the host; `GET /` lists what that promises
       * @example nsjail
       * @enum {string}
       */
      readonly isolation: 'none' | 'nsjail' | 'nsjail-per-run' | 'gvisor' | 'gvisor-per-run';
      /**
       * @description From admission to the complete answer, ms
       * @example 3.5
       */
      readonly durationMs: number;
      /**
       * @description CPU time of the run, ms; absent where the run was lost before it could be measured
       * @example 1.9
       */
      readonly cpuMs?: number;
      /**
       * @description The run's peak resident memory beyond what it started with, bytes; absent like cpuMs
       * @example 12582912
       */
      readonly peakMemoryBytes?: number;
      /** @description What held for this run: its own limits, or the service's */
      readonly limits: components['schemas']['HeldLimits'];
      readonly timings: components['schemas']['ExecutionTimings'];
    };
    readonly ErrorResponse: {
      /**
       * @description One sentence for a person: what happened, the value seen, what to do
       * @example ZeroDivisionError: division by zero (line 2)
       */
      readonly error: string;
      /**
       * @description What happened, for programs
       * @example SCRIPT_ERROR
       * @enum {string}
       */
      readonly code:
        | 'INVALID_REQUEST'
        | 'UNAUTHENTICATED'
        | 'FORBIDDEN'
        | 'RATE_LIMITED'
        | 'NOT_FOUND'
        | 'METHOD_NOT_ALLOWED'
        | 'PAYLOAD_TOO_LARGE'
        | 'UNSUPPORTED_MEDIA_TYPE'
        | 'IDEMPOTENCY_KEY_REUSED'
        | 'SCRIPT_TOO_LARGE'
        | 'POLICY_VIOLATION'
        | 'SYNTAX_ERROR'
        | 'MAIN_MISSING'
        | 'INVALID_INPUTS'
        | 'SCRIPT_ERROR'
        | 'SCRIPT_EXITED'
        | 'SCRIPT_CRASHED'
        | 'TIMEOUT'
        | 'MEMORY_LIMIT'
        | 'OUTPUT_LIMIT'
        | 'RESULT_TOO_LARGE'
        | 'ARTIFACTS_TOO_LARGE'
        | 'RESULT_NOT_SERIALIZABLE'
        | 'SANDBOX_BUSY'
        | 'SANDBOX_UNAVAILABLE'
        | 'INTERNAL';
      /**
       * @description The id in the X-Request-Id header and in the log
       * @example b0ab7a3e-6c1f-4f0e-8f0c-5b4d1f6a9c11
       */
      readonly requestId: string;
      /**
       * @description The id of the request among the traces of the service, where it is recorded there
       * @example 4bf92f3577b34da6a3ce929d0e0e4736
       */
      readonly traceId?: string;
      /**
       * @description What the author of the script can do instead, where that is known
       * @example Return list(...) of it.
       */
      readonly hint?: string;
      /**
       * @description 1-based line in the script
       * @example 2
       */
      readonly line?: number;
      /**
       * @description 1-based column in the script, in code points
       * @example 12
       */
      readonly column?: number;
      /** @description Of POLICY_VIOLATION: all reasons, in source order, the first hundred */
      readonly violations?: readonly components['schemas']['ScriptViolation'][];
      /** @description Python's traceback, frames of the script only */
      readonly traceback?: string;
      /** @description Of SCRIPT_EXITED: the exit status */
      readonly exitCode?: number;
      /**
       * @description Of SCRIPT_CRASHED: the signal that ended the process
       * @example SIGSEGV
       */
      readonly signal?: string;
      /** @description What the script had printed, where it ran */
      readonly stdout?: string;
      /** @description What the script had printed to sys.stderr, where it ran */
      readonly stderr?: string;
      /** @description What a script that failed by itself had left */
      readonly artifacts?: readonly components['schemas']['Artifact'][];
      readonly execution?: components['schemas']['ExecutionReport'];
    };
    readonly ExecuteResponse: {
      /**
       * @description What main() returned: any JSON value. Integers may exceed 2^53 and are sent with all their digits.
       * @example {
       *       "message": "Hello"
       *     }
       */
      readonly result:
        | ({
            readonly [key: string]: unknown;
          } | null)
        | readonly unknown[]
        | string
        | number
        | boolean;
      /**
       * @description What the script printed
       * @example
       */
      readonly stdout: string;
      /**
       * @description What the script printed to sys.stderr
       * @example
       */
      readonly stderr: string;
      /**
       * @description Files that the script left in output/, by name, then the matplotlib figures that it left open
       * @example []
       */
      readonly artifacts: readonly components['schemas']['Artifact'][];
      readonly execution: components['schemas']['ExecutionReport'];
    };
    /** @description The script has been handed over. The first event. */
    readonly StartEvent: {
      /** @enum {string} */
      readonly type: 'start';
      /**
       * Format: uuid
       * @description As in execution.id
       * @example 7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd
       */
      readonly id: string;
    };
    /** @description The script has printed this. */
    readonly OutputEvent: {
      /** @enum {string} */
      readonly type: 'stdout' | 'stderr';
      /**
       * @description A piece of the stream; it may begin and end within a line
       * @example step 1
       */
      readonly text: string;
    };
    /** @description A file or a figure that the script left. */
    readonly ArtifactEvent: {
      /**
       * @description Relative path, safe to write below a folder of your own
       * @example figure-1.png
       */
      readonly name: string;
      /**
       * @description From a table by the extension of the name
       * @example image/png
       */
      readonly mediaType: string;
      /** @example 18231 */
      readonly sizeBytes: number;
      /**
       * Format: byte
       * @description The content as base64
       * @example iVBORw0KGgo=
       */
      readonly base64: string;
      /** @enum {string} */
      readonly type: 'artifact';
    };
    /** @description The body of a 200, without what was sent before. */
    readonly ResultEvent: {
      /**
       * @description What main() returned: any JSON value. Integers may exceed 2^53 and are sent with all their digits.
       * @example {
       *       "message": "Hello"
       *     }
       */
      readonly result:
        | ({
            readonly [key: string]: unknown;
          } | null)
        | readonly unknown[]
        | string
        | number
        | boolean;
      readonly execution: components['schemas']['ExecutionReport'];
      /** @enum {string} */
      readonly type: 'result';
    };
    /** @description The body of an error, without what was sent before. */
    readonly ErrorEvent: {
      /**
       * @description One sentence for a person: what happened, the value seen, what to do
       * @example ZeroDivisionError: division by zero (line 2)
       */
      readonly error: string;
      /**
       * @description What happened, for programs
       * @example SCRIPT_ERROR
       * @enum {string}
       */
      readonly code:
        | 'INVALID_REQUEST'
        | 'UNAUTHENTICATED'
        | 'FORBIDDEN'
        | 'RATE_LIMITED'
        | 'NOT_FOUND'
        | 'METHOD_NOT_ALLOWED'
        | 'PAYLOAD_TOO_LARGE'
        | 'UNSUPPORTED_MEDIA_TYPE'
        | 'IDEMPOTENCY_KEY_REUSED'
        | 'SCRIPT_TOO_LARGE'
        | 'POLICY_VIOLATION'
        | 'SYNTAX_ERROR'
        | 'MAIN_MISSING'
        | 'INVALID_INPUTS'
        | 'SCRIPT_ERROR'
        | 'SCRIPT_EXITED'
        | 'SCRIPT_CRASHED'
        | 'TIMEOUT'
        | 'MEMORY_LIMIT'
        | 'OUTPUT_LIMIT'
        | 'RESULT_TOO_LARGE'
        | 'ARTIFACTS_TOO_LARGE'
        | 'RESULT_NOT_SERIALIZABLE'
        | 'SANDBOX_BUSY'
        | 'SANDBOX_UNAVAILABLE'
        | 'INTERNAL';
      /**
       * @description The id in the X-Request-Id header and in the log
       * @example b0ab7a3e-6c1f-4f0e-8f0c-5b4d1f6a9c11
       */
      readonly requestId: string;
      /**
       * @description The id of the request among the traces of the service, where it is recorded there
       * @example 4bf92f3577b34da6a3ce929d0e0e4736
       */
      readonly traceId?: string;
      /**
       * @description What the author of the script can do instead, where that is known
       * @example Return list(...) of it.
       */
      readonly hint?: string;
      /**
       * @description 1-based line in the script
       * @example 2
       */
      readonly line?: number;
      /**
       * @description 1-based column in the script, in code points
       * @example 12
       */
      readonly column?: number;
      /** @description Of POLICY_VIOLATION: all reasons, in source order, the first hundred */
      readonly violations?: readonly components['schemas']['ScriptViolation'][];
      /** @description Python's traceback, frames of the script only */
      readonly traceback?: string;
      /** @description Of SCRIPT_EXITED: the exit status */
      readonly exitCode?: number;
      /**
       * @description Of SCRIPT_CRASHED: the signal that ended the process
       * @example SIGSEGV
       */
      readonly signal?: string;
      readonly execution?: components['schemas']['ExecutionReport'];
      /** @enum {string} */
      readonly type: 'error';
    };
    /** @description The last event: without it the stream was cut. */
    readonly EndEvent: {
      /** @enum {string} */
      readonly type: 'end';
    };
    /** @description A sign of life, where nothing was sent for 15 seconds. */
    readonly PingEvent: {
      /** @enum {string} */
      readonly type: 'ping';
    };
    readonly InputFile: {
      /**
       * @description Where the file lies in the script's working directory: a relative path with /, at most 255 bytes of UTF-8 and 8 steps, without . and .. among them.
       * @example data/sales.csv
       */
      readonly name: string;
      /**
       * @description The content as text; the file has it in UTF-8.
       * @example city,days
       *     Oslo,7
       */
      readonly text?: string;
      /**
       * Format: byte
       * @description The content as base64 (RFC 4648, with padding).
       * @example AAEC/w==
       */
      readonly base64?: string;
    };
    readonly RequestedLimits: {
      /**
       * @description Wall time of the run, milliseconds; at most SCRIPT_TIMEOUT, which is the default.
       * @example 2000
       */
      readonly timeoutMs?: number;
      /**
       * @description Memory of the run, MiB; at least twice TMP_SIZE_MB and at most MEMORY_LIMIT_MB, which is the default.
       * @example 256
       */
      readonly memoryMb?: number;
    };
    readonly ExecuteRequest: {
      /**
       * @description Python source; in mode function it defines a top-level callable main(). At most MAX_SCRIPT_SIZE (default 10000) Unicode characters.
       * @example def main(city, days=7):
       *         return {"city": city, "days": days}
       */
      readonly script: string;
      /**
       * @description function: main() is called, and what it returns is the result. script: the text runs as a program, and the value of a last expression is the result.
       * @default function
       * @enum {string}
       */
      readonly mode?: 'function' | 'script';
      /**
       * @description Arguments of main() by name, or global names in mode script. Any JSON; digits of numbers and the order of keys reach Python as they are. At most MAX_INPUTS_BYTES (default 1048576) bytes.
       * @example {
       *       "city": "Oslo"
       *     }
       */
      readonly inputs?: {
        readonly [key: string]: unknown;
      };
      /**
       * @description What the script finds on standard input, which is empty without it.
       * @example
       */
      readonly stdin?: string;
      /**
       * @description Files that the script finds in its working directory. At most MAX_FILES (default 64); together with stdin they take at most TMP_SIZE_MB (default 16 MiB).
       * @example [
       *       {
       *         "name": "data/sales.csv",
       *         "text": "city,days\nOslo,7\n"
       *       }
       *     ]
       */
      readonly files?: readonly (components['schemas']['InputFile'] & (unknown | unknown))[];
      /** @description What the caller chooses within the limits of the service, which GET / tells. */
      readonly limits?: components['schemas']['RequestedLimits'];
    };
    readonly BatchResult: {
      /**
       * @description What main() returned: any JSON value. Integers may exceed 2^53 and are sent with all their digits.
       * @example {
       *       "message": "Hello"
       *     }
       */
      readonly result:
        | ({
            readonly [key: string]: unknown;
          } | null)
        | readonly unknown[]
        | string
        | number
        | boolean;
      /**
       * @description What the script printed
       * @example
       */
      readonly stdout: string;
      /**
       * @description What the script printed to sys.stderr
       * @example
       */
      readonly stderr: string;
      /**
       * @description Files that the script left in output/, by name, then the matplotlib figures that it left open
       * @example []
       */
      readonly artifacts: readonly components['schemas']['Artifact'][];
      readonly execution: components['schemas']['ExecutionReport'];
      /**
       * @description The place in inputs, from 0
       * @example 0
       */
      readonly index: number;
      /** @enum {integer} */
      readonly status: 200;
    };
    readonly BatchError: {
      /**
       * @description One sentence for a person: what happened, the value seen, what to do
       * @example ZeroDivisionError: division by zero (line 2)
       */
      readonly error: string;
      /**
       * @description What happened, for programs
       * @example SCRIPT_ERROR
       * @enum {string}
       */
      readonly code:
        | 'INVALID_REQUEST'
        | 'UNAUTHENTICATED'
        | 'FORBIDDEN'
        | 'RATE_LIMITED'
        | 'NOT_FOUND'
        | 'METHOD_NOT_ALLOWED'
        | 'PAYLOAD_TOO_LARGE'
        | 'UNSUPPORTED_MEDIA_TYPE'
        | 'IDEMPOTENCY_KEY_REUSED'
        | 'SCRIPT_TOO_LARGE'
        | 'POLICY_VIOLATION'
        | 'SYNTAX_ERROR'
        | 'MAIN_MISSING'
        | 'INVALID_INPUTS'
        | 'SCRIPT_ERROR'
        | 'SCRIPT_EXITED'
        | 'SCRIPT_CRASHED'
        | 'TIMEOUT'
        | 'MEMORY_LIMIT'
        | 'OUTPUT_LIMIT'
        | 'RESULT_TOO_LARGE'
        | 'ARTIFACTS_TOO_LARGE'
        | 'RESULT_NOT_SERIALIZABLE'
        | 'SANDBOX_BUSY'
        | 'SANDBOX_UNAVAILABLE'
        | 'INTERNAL';
      /**
       * @description The id in the X-Request-Id header and in the log
       * @example b0ab7a3e-6c1f-4f0e-8f0c-5b4d1f6a9c11
       */
      readonly requestId: string;
      /**
       * @description The id of the request among the traces of the service, where it is recorded there
       * @example 4bf92f3577b34da6a3ce929d0e0e4736
       */
      readonly traceId?: string;
      /**
       * @description What the author of the script can do instead, where that is known
       * @example Return list(...) of it.
       */
      readonly hint?: string;
      /**
       * @description 1-based line in the script
       * @example 2
       */
      readonly line?: number;
      /**
       * @description 1-based column in the script, in code points
       * @example 12
       */
      readonly column?: number;
      /** @description Of POLICY_VIOLATION: all reasons, in source order, the first hundred */
      readonly violations?: readonly components['schemas']['ScriptViolation'][];
      /** @description Python's traceback, frames of the script only */
      readonly traceback?: string;
      /** @description Of SCRIPT_EXITED: the exit status */
      readonly exitCode?: number;
      /**
       * @description Of SCRIPT_CRASHED: the signal that ended the process
       * @example SIGSEGV
       */
      readonly signal?: string;
      /** @description What the script had printed, where it ran */
      readonly stdout?: string;
      /** @description What the script had printed to sys.stderr, where it ran */
      readonly stderr?: string;
      /** @description What a script that failed by itself had left */
      readonly artifacts?: readonly components['schemas']['Artifact'][];
      readonly execution?: components['schemas']['ExecutionReport'];
      /**
       * @description The place in inputs, from 0
       * @example 0
       */
      readonly index: number;
      /**
       * @description The HTTP status that POST /execute would have had
       * @example 422
       */
      readonly status: number;
    };
    readonly ExecuteBatchRequest: {
      /**
       * @description Python source; in mode function it defines a top-level callable main(). At most MAX_SCRIPT_SIZE (default 10000) Unicode characters.
       * @example def main(city, days=7):
       *         return {"city": city, "days": days}
       */
      readonly script: string;
      /**
       * @description function: main() is called, and what it returns is the result. script: the text runs as a program, and the value of a last expression is the result.
       * @default function
       * @enum {string}
       */
      readonly mode?: 'function' | 'script';
      /**
       * @description For each run its arguments of main() by name, or its global names in mode script. At most MAX_BATCH (default 1000) of them, each of at most MAX_INPUTS_BYTES (default 1048576) bytes.
       * @example [
       *       {
       *         "city": "Oslo"
       *       },
       *       {
       *         "city": "Rome",
       *         "days": 2
       *       }
       *     ]
       */
      readonly inputs: readonly {
        readonly [key: string]: unknown;
      }[];
      /** @description What the caller chooses within the limits of the service, which GET / tells. */
      readonly limits?: components['schemas']['RequestedLimits'];
    };
    readonly ValidateRequest: {
      /**
       * @description Python source; in mode function it defines a top-level callable main(). At most MAX_SCRIPT_SIZE (default 10000) Unicode characters.
       * @example def main(city, days=7):
       *         return {"city": city, "days": days}
       */
      readonly script: string;
      /**
       * @description function: main() is called, and what it returns is the result. script: the text runs as a program, and the value of a last expression is the result.
       * @default function
       * @enum {string}
       */
      readonly mode?: 'function' | 'script';
    };
    readonly ScriptSyntaxError: {
      /** @example SyntaxError: '(' was never closed (line 2, column 12) */
      readonly error: string;
      /** @description 1-based line */
      readonly line?: number;
      /** @description 1-based column, in code points */
      readonly column?: number;
      /** @description What to do */
      readonly hint?: string;
    };
    readonly MissingModule: {
      /** @example numppy */
      readonly name: string;
      /**
       * @description The one that is meant, as far as can be told
       * @example numpy
       */
      readonly nearest: string | null;
    };
    readonly ScriptImports: {
      /**
       * @example [
       *       "pandas"
       *     ]
       */
      readonly known: readonly string[];
      readonly missing: readonly components['schemas']['MissingModule'][];
    };
    readonly MainDescription: {
      /** @description Whether it is an `async def` */
      readonly async: boolean;
      /** @description Its docstring */
      readonly doc: string | null;
      /**
       * @description JSON Schema (2020-12) of the `inputs` of `POST /execute`, from annotations, defaults and docstring
       * @example {
       *       "type": "object",
       *       "properties": {
       *         "city": {
       *           "type": "string"
       *         },
       *         "days": {
       *           "type": "integer",
       *           "default": 7
       *         }
       *       },
       *       "required": [
       *         "city"
       *       ],
       *       "additionalProperties": false
       *     }
       */
      readonly parameters: {
        readonly [key: string]: unknown;
      };
    };
    readonly ValidateResponse: {
      /** @description No violation and no syntax error and, in mode function, a main(); missing modules show when it runs */
      readonly valid: boolean;
      /** @description What the script policy refuses, in source order */
      readonly violations: readonly components['schemas']['ScriptViolation'][];
      readonly syntaxError: components['schemas']['ScriptSyntaxError'] | null;
      /** @description Top-level names of the modules that are imported */
      readonly imports: components['schemas']['ScriptImports'];
      /** @description null where nothing defines it */
      readonly main: components['schemas']['MainDescription'] | null;
    };
    readonly AsynchronousExecution: {
      /**
       * @description 128 random bits
       * @example 5f0c1e8a2b7d4c6e9a3f8b1d0e7c2a94
       */
      readonly id: string;
      /**
       * @description The last three are its end; `failed` has an error as its outcome
       * @example succeeded
       * @enum {string}
       */
      readonly status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
      /**
       * Format: date-time
       * @example 2026-03-14T09:26:53.589Z
       */
      readonly createdAt: string;
      /**
       * Format: date-time
       * @description When the script was about to be handed over; absent of one that never came so far
       * @example 2026-03-14T09:26:53.793Z
       */
      readonly startedAt?: string;
      /**
       * Format: date-time
       * @example 2026-03-14T09:26:55.238Z
       */
      readonly endedAt?: string;
      /**
       * Format: date-time
       * @description Until then it is kept, where there is room; present once it has ended
       * @example 2026-03-14T10:26:55.238Z
       */
      readonly expiresAt?: string;
      /**
       * @description The status with which POST /execute would have answered; absent before the end, and of one that was cancelled
       * @example 200
       */
      readonly httpStatus?: number;
      /** @description The body of that answer: of `GET` only */
      readonly outcome?: components['schemas']['ExecuteResponse'] | components['schemas']['ErrorResponse'];
    };
    readonly StartExecutionRequest: {
      /**
       * @description Python source; in mode function it defines a top-level callable main(). At most MAX_SCRIPT_SIZE (default 10000) Unicode characters.
       * @example def main(city, days=7):
       *         return {"city": city, "days": days}
       */
      readonly script: string;
      /**
       * @description function: main() is called, and what it returns is the result. script: the text runs as a program, and the value of a last expression is the result.
       * @default function
       * @enum {string}
       */
      readonly mode?: 'function' | 'script';
      /**
       * @description Arguments of main() by name, or global names in mode script. Any JSON; digits of numbers and the order of keys reach Python as they are. At most MAX_INPUTS_BYTES (default 1048576) bytes.
       * @example {
       *       "city": "Oslo"
       *     }
       */
      readonly inputs?: {
        readonly [key: string]: unknown;
      };
      /**
       * @description What the script finds on standard input, which is empty without it.
       * @example
       */
      readonly stdin?: string;
      /**
       * @description Files that the script finds in its working directory. At most MAX_FILES (default 64); together with stdin they take at most TMP_SIZE_MB (default 16 MiB).
       * @example [
       *       {
       *         "name": "data/sales.csv",
       *         "text": "city,days\nOslo,7\n"
       *       }
       *     ]
       */
      readonly files?: readonly (components['schemas']['InputFile'] & (unknown | unknown))[];
      /** @description What the caller chooses within the limits of the service, which GET / tells. */
      readonly limits?: components['schemas']['RequestedLimits'];
      /**
       * @description Where the service tells of its end, by a request that is signed (Standard Webhooks): https, on a host of CALLBACK_HOSTS. A service that names none takes no such field.
       * @example https://hooks.example.org/pycell
       */
      readonly callbackUrl?: string;
    };
    readonly ModulesResponse: {
      /**
       * @description Top-level modules that can be imported, those that the policy blocks included; sorted
       * @example [
       *       "json",
       *       "math",
       *       "numpy",
       *       "pandas"
       *     ]
       */
      readonly modules: readonly string[];
    };
    readonly SelfTestCheck: {
      /** @example network */
      readonly name: string;
      readonly passed: boolean;
    };
    readonly SelfTestInfo: {
      /** @description Scripts run only while the latest self-test has passed */
      readonly passed: boolean;
      /**
       * Format: date-time
       * @description When it ran; null before the first
       * @example 2026-11-28T21:15:34.000Z
       */
      readonly at: string | null;
      /** @description What a script could see and do from inside */
      readonly checks: readonly components['schemas']['SelfTestCheck'][];
    };
    readonly ZygotesInfo: {
      /** @description Objects of a zygote are not counted by its forks: from Python 3.12 on */
      readonly immortalObjects: boolean;
      /** @description Its memory is mapped from a file in memory: in the jail of Linux, on x86-64 */
      readonly memorySnapshot: boolean;
    };
    readonly PackageInfo: {
      /** @example pandas */
      readonly name: string;
      /** @example 3.1.1 */
      readonly version: string;
    };
    readonly PythonInfo: {
      /**
       * @description Version of the interpreter that runs the scripts; null where the sandbox is not set up
       * @example 3.13.5
       */
      readonly version: string | null;
      readonly packages: readonly components['schemas']['PackageInfo'][];
    };
    readonly FeaturesInfo: {
      /** @description Whether `files` are taken: not where runs can write nothing, as inside gVisor */
      readonly files: boolean;
    };
    readonly ScriptPolicyInfo: {
      /** @enum {string} */
      readonly mode: 'enforce' | 'off';
      /** @description Modules that a script may not import */
      readonly blockedModules: readonly string[];
      /** @description Built-in functions that a script may not use */
      readonly blockedNames: readonly string[];
    };
    readonly ExecutionLimits: {
      /**
       * @description Wall time of one run; seconds. Set by SCRIPT_TIMEOUT.
       * @example 10
       */
      readonly timeoutSeconds: number;
      /**
       * @description Size of the script, in Unicode code points; characters. Set by MAX_SCRIPT_SIZE.
       * @example 10000
       */
      readonly maxScriptSize: number;
      /**
       * @description Memory that a run may take beyond the interpreter and the packages that are loaded already; MiB. Set by MEMORY_LIMIT_MB.
       * @example 512
       */
      readonly memoryLimitMb: number;
      /**
       * @description stdout and stderr together; bytes. Set by MAX_OUTPUT_BYTES.
       * @example 1048576
       */
      readonly maxOutputBytes: number;
      /**
       * @description JSON text of the return value; bytes. Set by MAX_RESULT_BYTES.
       * @example 4194304
       */
      readonly maxResultBytes: number;
      /**
       * @description Threads of one run, the main thread included; in the jail; threads. Set by MAX_THREADS.
       * @example 32
       */
      readonly maxThreads: number;
      /**
       * @description File descriptors of one run; descriptors. Set by MAX_OPEN_FILES.
       * @example 64
       */
      readonly maxOpenFiles: number;
      /**
       * @description Size of /tmp in the jail, and of the largest file; at most half of `MEMORY_LIMIT_MB`; MiB. Set by TMP_SIZE_MB.
       * @example 16
       */
      readonly tmpSizeMb: number;
      /**
       * @description Files of a request; files and figures that a run leaves; files. Set by MAX_FILES.
       * @example 64
       */
      readonly maxFiles: number;
      /**
       * @description Files and figures that a run leaves, together; bytes. Set by MAX_ARTIFACT_BYTES.
       * @example 8388608
       */
      readonly maxArtifactBytes: number;
      /**
       * @description JSON text of `inputs`; bytes. Set by MAX_INPUTS_BYTES.
       * @example 1048576
       */
      readonly maxInputsBytes: number;
      /**
       * @description Inputs of one batch; each is executed in a run of its own; inputs. Set by MAX_BATCH.
       * @example 1000
       */
      readonly maxBatch: number;
    };
    readonly RateInfo: {
      /** @example 600 */
      readonly requests: number;
      /** @example 60 */
      readonly seconds: number;
    };
    readonly CallerInfo: {
      /**
       * @description The name of the key that came with the request; null where none came
       * @example shop
       */
      readonly key: string | null;
      /**
       * @description Runs that the key may have at once; null: as many as the service gives to any
       * @example 2
       */
      readonly places: number | null;
      /** @description Requests that the key may send in a time; null: none of its own */
      readonly rate: components['schemas']['RateInfo'] | null;
    };
    readonly AsynchronousInfo: {
      /**
       * @description What the process that answers does: api leaves them to workers, both runs them itself
       * @enum {string}
       */
      readonly role: 'api' | 'both';
      /** @description Whether they outlive a restart of the service; false: they are kept in its memory */
      readonly durable: boolean;
      /**
       * @description Seconds for which one is kept after its end: EXECUTION_TTL
       * @example 3600
       */
      readonly keptSeconds: number;
      /**
       * @description How many may wait: MAX_QUEUED_EXECUTIONS
       * @example 1000
       */
      readonly maxQueued: number;
      /** @description What the requests of those that wait may hold together, bytes: MAX_QUEUED_MB */
      readonly maxQueuedBytes: number;
      /** @description What events and outcomes of those that have ended may hold together, bytes: MAX_KEPT_MB */
      readonly maxKeptBytes: number;
    };
    readonly EndpointInfo: {
      /** @enum {string} */
      readonly method: 'GET' | 'POST' | 'DELETE';
      /** @example /execute */
      readonly path: string;
      readonly description: string;
    };
    readonly UsageInfo: {
      readonly description: string;
      /** @enum {string} */
      readonly method: 'POST';
      /** @example /execute */
      readonly path: string;
      readonly body: components['schemas']['ExecuteRequest'];
    };
    readonly MetadataResponse: {
      /** @example pycell */
      readonly name: string;
      /** @example 0.1.0 */
      readonly version: string;
      /** @enum {string} */
      readonly environment: 'local' | 'cloud';
      /** @enum {string} */
      readonly isolation: 'none' | 'nsjail' | 'nsjail-per-run' | 'gvisor' | 'gvisor-per-run';
      /** @description What that promises of each run, in sentences for people; empty for none */
      readonly isolationPromises: readonly string[];
      readonly selfTest: components['schemas']['SelfTestInfo'];
      /** @description What makes runs cheap, and holds for every zygote; null before the first is ready, and where runs are no forks of zygotes */
      readonly zygotes: components['schemas']['ZygotesInfo'] | null;
      readonly python: components['schemas']['PythonInfo'];
      /** @description What runs may be sent besides their scripts */
      readonly features: components['schemas']['FeaturesInfo'];
      /** @description By what scripts are judged; that of the key, where one came with the request */
      readonly scriptPolicy: components['schemas']['ScriptPolicyInfo'];
      /** @description The limits in force; those of the key, where one came with the request */
      readonly limits: components['schemas']['ExecutionLimits'];
      /** @description What is known of who asks */
      readonly caller?: components['schemas']['CallerInfo'];
      /** @description What holds for asynchronous executions */
      readonly asynchronous?: components['schemas']['AsynchronousInfo'];
      readonly endpoints: readonly components['schemas']['EndpointInfo'][];
      readonly usage: components['schemas']['UsageInfo'];
    };
    readonly HealthFinding: {
      /**
       * @example up
       * @enum {string}
       */
      readonly status: 'up' | 'down';
      /** @description What is wrong, where something is */
      readonly message?: string;
    };
    readonly HealthReport: {
      /**
       * @example ok
       * @enum {string}
       */
      readonly status: 'ok' | 'error' | 'shutting_down';
      /** @description What is up */
      readonly info: {
        readonly [key: string]: components['schemas']['HealthFinding'];
      };
      /** @description What is down */
      readonly error: {
        readonly [key: string]: components['schemas']['HealthFinding'];
      };
      /** @description Both */
      readonly details: {
        readonly [key: string]: components['schemas']['HealthFinding'];
      };
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  readonly execute: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ExecuteRequest'];
      };
    };
    readonly responses: {
      /** @description The script came to its end; or it has been handed over, and the stream tells of it. */
      readonly 200: {
        headers: {
          /**
           * @description The rate of the caller, where it has one: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-11)
           * @example "default";q=600;w=60
           */
          readonly 'RateLimit-Policy'?: string;
          /**
           * @description How the rate of the caller stood when the request came, where it has one: `r` more requests are let in at once, all of them after `t` seconds
           * @example "default";r=599;t=60
           */
          readonly RateLimit?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ExecuteResponse'];
          /**
           * @example event: start
           *     data: {"id":"7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd"}
           *
           *     event: stdout
           *     data: {"text":"step 1\n"}
           *
           *     event: result
           *     data: {"result":{"message":"Hello"},"execution":{"id":"7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd","isolation":"nsjail","durationMs":3.5,"cpuMs":1.9,"peakMemoryBytes":548864,"limits":{"timeoutMs":10000,"memoryMb":512},"timings":{"queueMs":0.1,"policyMs":0.4,"startMs":0.6,"runMs":1.8,"resultMs":0.6}}}
           *
           *     event: end
           *     data: {}
           */
          readonly 'text/event-stream': string;
          /**
           * @example {
           *       "type": "stdout",
           *       "text": "step 1\n"
           *     }
           */
          readonly 'application/x-ndjson':
            | components['schemas']['StartEvent']
            | components['schemas']['OutputEvent']
            | components['schemas']['ArtifactEvent']
            | components['schemas']['ResultEvent']
            | components['schemas']['ErrorEvent']
            | components['schemas']['EndEvent']
            | components['schemas']['PingEvent'];
        };
      };
      /**
       * @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it.
       *     - `SCRIPT_TOO_LARGE`: The script has more than `maxScriptSize` characters (Unicode code points).
       *     - `POLICY_VIOLATION`: The script policy refuses a module or a built-in function that the script uses.
       *     - `SYNTAX_ERROR`: CPython cannot compile the script. `error` is its own message, with line and column.
       *     - `MAIN_MISSING`: The script defines no top-level callable `main`.
       */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNAUTHENTICATED`: The service has keys, and the request names none, more than one, or one that is not known. `WWW-Authenticate` says how to name it. */
      readonly 401: {
        headers: {
          /** @description How to send a key, and what is wrong with the one that was sent (RFC 6750) */
          readonly 'WWW-Authenticate'?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `FORBIDDEN`: The key is known, and is switched off. `error` names it. */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `PAYLOAD_TOO_LARGE`: The body is larger than a script of the permitted size can need. */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNSUPPORTED_MEDIA_TYPE`: The body is not sent as `application/json`, or in an encoding that the service does not know. */
      readonly 415: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /**
       * @description - `IDEMPOTENCY_KEY_REUSED`: The caller has started another execution under this `Idempotency-Key`, with another body. Nothing was started.
       *     - `INVALID_INPUTS`: `inputs` lacks a parameter of `main`, has one that it does not know, or a value that its annotation cannot be made of. `error` names it.
       *     - `SCRIPT_ERROR`: The script raised. `error` has type, message and line; `traceback` shows the frames of the script.
       *     - `SCRIPT_EXITED`: The script called `sys.exit`, `os._exit` or the like, or closed the connection for its result.
       *     - `SCRIPT_CRASHED`: The process of the script died by a signal, or broke the channel that carries its result; `error` tells which.
       *     - `TIMEOUT`: The script ran longer than `timeoutSeconds`, or took more CPU time than that allows.
       *     - `MEMORY_LIMIT`: The script needed more memory than `memoryLimitMb`, or than the machine had: then its process was killed, twice.
       *     - `OUTPUT_LIMIT`: The script printed more than `maxOutputBytes`, stdout and stderr together. What fits is in the answer.
       *     - `RESULT_TOO_LARGE`: The JSON text of the return value has more than `maxResultBytes`.
       *     - `ARTIFACTS_TOO_LARGE`: The files in `output/` and the open figures are more than `maxFiles`, or have more than `maxArtifactBytes` together.
       *     - `RESULT_NOT_SERIALIZABLE`: The return value has no JSON form. `error` names the type and the path of the value.
       */
      readonly 422: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `RATE_LIMITED`: The caller has sent more requests than it may in a time: `RateLimit-Policy` says how many, `Retry-After` when there is room again. */
      readonly 429: {
        headers: {
          /** @description When to try again, seconds */
          readonly 'Retry-After'?: number;
          /**
           * @description The rate of the caller, where it has one: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-11)
           * @example "default";q=600;w=60
           */
          readonly 'RateLimit-Policy'?: string;
          /**
           * @description How the rate of the caller stood when the request came, where it has one: `r` more requests are let in at once, all of them after `t` seconds
           * @example "default";r=599;t=60
           */
          readonly RateLimit?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `INTERNAL`: A fault of the service. Its log has the cause under the same `requestId`. */
      readonly 500: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /**
       * @description - `SANDBOX_BUSY`: There is no place for this caller and none in the queue, or none became free in time.
       *     - `SANDBOX_UNAVAILABLE`: The sandbox does not work, is starting or shutting down, or was lost under the run.
       */
      readonly 503: {
        headers: {
          /** @description When to try again, seconds */
          readonly 'Retry-After'?: number;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
    };
  };
  readonly executeBatch: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ExecuteBatchRequest'];
      };
    };
    readonly responses: {
      /** @description The script was accepted; `status` says what became of each input. */
      readonly 200: {
        headers: {
          /**
           * @description The rate of the caller, where it has one: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-11)
           * @example "default";q=600;w=60
           */
          readonly 'RateLimit-Policy'?: string;
          /**
           * @description How the rate of the caller stood when the request came, where it has one: `r` more requests are let in at once, all of them after `t` seconds
           * @example "default";r=599;t=60
           */
          readonly RateLimit?: string;
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example [
           *       {
           *         "index": 0,
           *         "status": 200,
           *         "result": {
           *           "city": "Oslo",
           *           "days": 7
           *         },
           *         "stdout": "",
           *         "stderr": "",
           *         "artifacts": [],
           *         "execution": {
           *           "id": "7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd",
           *           "isolation": "nsjail",
           *           "durationMs": 3.5,
           *           "cpuMs": 1.9,
           *           "peakMemoryBytes": 548864,
           *           "limits": {
           *             "timeoutMs": 10000,
           *             "memoryMb": 512
           *           },
           *           "timings": {
           *             "queueMs": 0.1,
           *             "policyMs": 0.4,
           *             "startMs": 0.6,
           *             "runMs": 1.8,
           *             "resultMs": 0.6
           *           }
           *         }
           *       },
           *       {
           *         "index": 1,
           *         "status": 422,
           *         "error": "ZeroDivisionError: division by zero (line 2)",
           *         "code": "SCRIPT_ERROR",
           *         "requestId": "b0ab7a3e-6c1f-4f0e-8f0c-5b4d1f6a9c11",
           *         "stdout": "",
           *         "stderr": "",
           *         "line": 2,
           *         "column": 12,
           *         "traceback": "Traceback (most recent call last):\n  File \"script.py\", line 2, in main\n    return 1 / 0\n           ~~^~~\nZeroDivisionError: division by zero",
           *         "execution": {
           *           "id": "7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd",
           *           "isolation": "nsjail",
           *           "durationMs": 3.5,
           *           "cpuMs": 1.9,
           *           "peakMemoryBytes": 548864,
           *           "limits": {
           *             "timeoutMs": 10000,
           *             "memoryMb": 512
           *           },
           *           "timings": {
           *             "queueMs": 0.1,
           *             "policyMs": 0.4,
           *             "startMs": 0.6,
           *             "runMs": 1.8,
           *             "resultMs": 0.6
           *           }
           *         }
           *       }
           *     ]
           */
          readonly 'application/json': readonly (
            components['schemas']['BatchResult'] | components['schemas']['BatchError']
          )[];
          /**
           * @example {
           *       "index": 0,
           *       "status": 200,
           *       "result": {
           *         "city": "Oslo",
           *         "days": 7
           *       },
           *       "stdout": "",
           *       "stderr": "",
           *       "artifacts": [],
           *       "execution": {
           *         "id": "7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd",
           *         "isolation": "nsjail",
           *         "durationMs": 3.5,
           *         "cpuMs": 1.9,
           *         "peakMemoryBytes": 548864,
           *         "limits": {
           *           "timeoutMs": 10000,
           *           "memoryMb": 512
           *         },
           *         "timings": {
           *           "queueMs": 0.1,
           *           "policyMs": 0.4,
           *           "startMs": 0.6,
           *           "runMs": 1.8,
           *           "resultMs": 0.6
           *         }
           *       }
           *     }
           */
          readonly 'application/x-ndjson':
            | components['schemas']['BatchResult']
            | components['schemas']['BatchError']
            | components['schemas']['PingEvent'];
        };
      };
      /**
       * @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it.
       *     - `SCRIPT_TOO_LARGE`: The script has more than `maxScriptSize` characters (Unicode code points).
       *     - `POLICY_VIOLATION`: The script policy refuses a module or a built-in function that the script uses.
       *     - `SYNTAX_ERROR`: CPython cannot compile the script. `error` is its own message, with line and column.
       */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNAUTHENTICATED`: The service has keys, and the request names none, more than one, or one that is not known. `WWW-Authenticate` says how to name it. */
      readonly 401: {
        headers: {
          /** @description How to send a key, and what is wrong with the one that was sent (RFC 6750) */
          readonly 'WWW-Authenticate'?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `FORBIDDEN`: The key is known, and is switched off. `error` names it. */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `PAYLOAD_TOO_LARGE`: The body is larger than a script of the permitted size can need. */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNSUPPORTED_MEDIA_TYPE`: The body is not sent as `application/json`, or in an encoding that the service does not know. */
      readonly 415: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `RATE_LIMITED`: The caller has sent more requests than it may in a time: `RateLimit-Policy` says how many, `Retry-After` when there is room again. */
      readonly 429: {
        headers: {
          /** @description When to try again, seconds */
          readonly 'Retry-After'?: number;
          /**
           * @description The rate of the caller, where it has one: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-11)
           * @example "default";q=600;w=60
           */
          readonly 'RateLimit-Policy'?: string;
          /**
           * @description How the rate of the caller stood when the request came, where it has one: `r` more requests are let in at once, all of them after `t` seconds
           * @example "default";r=599;t=60
           */
          readonly RateLimit?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `INTERNAL`: A fault of the service. Its log has the cause under the same `requestId`. */
      readonly 500: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /**
       * @description - `SANDBOX_BUSY`: There is no place for this caller and none in the queue, or none became free in time.
       *     - `SANDBOX_UNAVAILABLE`: The sandbox does not work, is starting or shutting down, or was lost under the run.
       */
      readonly 503: {
        headers: {
          /** @description When to try again, seconds */
          readonly 'Retry-After'?: number;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
    };
  };
  readonly validate: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['ValidateRequest'];
      };
    };
    readonly responses: {
      /** @description The script was looked at; `valid` says how it is. */
      readonly 200: {
        headers: {
          /**
           * @description The rate of the caller, where it has one: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-11)
           * @example "default";q=600;w=60
           */
          readonly 'RateLimit-Policy'?: string;
          /**
           * @description How the rate of the caller stood when the request came, where it has one: `r` more requests are let in at once, all of them after `t` seconds
           * @example "default";r=599;t=60
           */
          readonly RateLimit?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ValidateResponse'];
        };
      };
      /**
       * @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it.
       *     - `SCRIPT_TOO_LARGE`: The script has more than `maxScriptSize` characters (Unicode code points).
       */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNAUTHENTICATED`: The service has keys, and the request names none, more than one, or one that is not known. `WWW-Authenticate` says how to name it. */
      readonly 401: {
        headers: {
          /** @description How to send a key, and what is wrong with the one that was sent (RFC 6750) */
          readonly 'WWW-Authenticate'?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `FORBIDDEN`: The key is known, and is switched off. `error` names it. */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `PAYLOAD_TOO_LARGE`: The body is larger than a script of the permitted size can need. */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNSUPPORTED_MEDIA_TYPE`: The body is not sent as `application/json`, or in an encoding that the service does not know. */
      readonly 415: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /**
       * @description - `TIMEOUT`: The script ran longer than `timeoutSeconds`, or took more CPU time than that allows.
       *     - `MEMORY_LIMIT`: The script needed more memory than `memoryLimitMb`, or than the machine had: then its process was killed, twice.
       */
      readonly 422: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `RATE_LIMITED`: The caller has sent more requests than it may in a time: `RateLimit-Policy` says how many, `Retry-After` when there is room again. */
      readonly 429: {
        headers: {
          /** @description When to try again, seconds */
          readonly 'Retry-After'?: number;
          /**
           * @description The rate of the caller, where it has one: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-11)
           * @example "default";q=600;w=60
           */
          readonly 'RateLimit-Policy'?: string;
          /**
           * @description How the rate of the caller stood when the request came, where it has one: `r` more requests are let in at once, all of them after `t` seconds
           * @example "default";r=599;t=60
           */
          readonly RateLimit?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `INTERNAL`: A fault of the service. Its log has the cause under the same `requestId`. */
      readonly 500: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /**
       * @description - `SANDBOX_BUSY`: There is no place for this caller and none in the queue, or none became free in time.
       *     - `SANDBOX_UNAVAILABLE`: The sandbox does not work, is starting or shutting down, or was lost under the run.
       */
      readonly 503: {
        headers: {
          /** @description When to try again, seconds */
          readonly 'Retry-After'?: number;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
    };
  };
  readonly startExecution: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description Chosen by the client, 1 to 255 visible characters of ASCII: the same request under the same key is answered by the execution that was started first, so that it can be sent again where its answer was lost. */
        readonly 'Idempotency-Key'?: string;
      };
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': components['schemas']['StartExecutionRequest'];
      };
    };
    readonly responses: {
      /** @description It is kept, and waits; or it was started before under the same idempotency key. */
      readonly 202: {
        headers: {
          /**
           * @description The rate of the caller, where it has one: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-11)
           * @example "default";q=600;w=60
           */
          readonly 'RateLimit-Policy'?: string;
          /**
           * @description How the rate of the caller stood when the request came, where it has one: `r` more requests are let in at once, all of them after `t` seconds
           * @example "default";r=599;t=60
           */
          readonly RateLimit?: string;
          /**
           * @description Where it is found, relative to the address of the request
           * @example executions/5f0c1e8a2b7d4c6e9a3f8b1d0e7c2a94
           */
          readonly Location?: string;
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "5f0c1e8a2b7d4c6e9a3f8b1d0e7c2a94",
           *       "status": "queued",
           *       "createdAt": "2026-03-14T09:26:53.589Z"
           *     }
           */
          readonly 'application/json': components['schemas']['AsynchronousExecution'];
        };
      };
      /**
       * @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it.
       *     - `SCRIPT_TOO_LARGE`: The script has more than `maxScriptSize` characters (Unicode code points).
       */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNAUTHENTICATED`: The service has keys, and the request names none, more than one, or one that is not known. `WWW-Authenticate` says how to name it. */
      readonly 401: {
        headers: {
          /** @description How to send a key, and what is wrong with the one that was sent (RFC 6750) */
          readonly 'WWW-Authenticate'?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `FORBIDDEN`: The key is known, and is switched off. `error` names it. */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `PAYLOAD_TOO_LARGE`: The body is larger than a script of the permitted size can need. */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNSUPPORTED_MEDIA_TYPE`: The body is not sent as `application/json`, or in an encoding that the service does not know. */
      readonly 415: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `IDEMPOTENCY_KEY_REUSED`: The caller has started another execution under this `Idempotency-Key`, with another body. Nothing was started. */
      readonly 422: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `RATE_LIMITED`: The caller has sent more requests than it may in a time: `RateLimit-Policy` says how many, `Retry-After` when there is room again. */
      readonly 429: {
        headers: {
          /** @description When to try again, seconds */
          readonly 'Retry-After'?: number;
          /**
           * @description The rate of the caller, where it has one: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-11)
           * @example "default";q=600;w=60
           */
          readonly 'RateLimit-Policy'?: string;
          /**
           * @description How the rate of the caller stood when the request came, where it has one: `r` more requests are let in at once, all of them after `t` seconds
           * @example "default";r=599;t=60
           */
          readonly RateLimit?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `INTERNAL`: A fault of the service. Its log has the cause under the same `requestId`. */
      readonly 500: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /**
       * @description - `SANDBOX_BUSY`: There is no place for this caller and none in the queue, or none became free in time.
       *     - `SANDBOX_UNAVAILABLE`: The sandbox does not work, is starting or shutting down, or was lost under the run.
       */
      readonly 503: {
        headers: {
          /** @description When to try again, seconds */
          readonly 'Retry-After'?: number;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
    };
  };
  readonly getExecution: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description What is known of it. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "5f0c1e8a2b7d4c6e9a3f8b1d0e7c2a94",
           *       "status": "succeeded",
           *       "createdAt": "2026-03-14T09:26:53.589Z",
           *       "startedAt": "2026-03-14T09:26:53.793Z",
           *       "endedAt": "2026-03-14T09:26:55.238Z",
           *       "expiresAt": "2026-03-14T10:26:55.238Z",
           *       "httpStatus": 200,
           *       "outcome": {
           *         "result": {
           *           "city": "Oslo",
           *           "days": 7
           *         },
           *         "stdout": "step 1\n",
           *         "stderr": "",
           *         "artifacts": [],
           *         "execution": {
           *           "id": "7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd",
           *           "isolation": "nsjail",
           *           "durationMs": 3.5,
           *           "cpuMs": 1.9,
           *           "peakMemoryBytes": 548864,
           *           "limits": {
           *             "timeoutMs": 10000,
           *             "memoryMb": 512
           *           },
           *           "timings": {
           *             "queueMs": 0.1,
           *             "policyMs": 0.4,
           *             "startMs": 0.6,
           *             "runMs": 1.8,
           *             "resultMs": 0.6
           *           }
           *         }
           *       }
           *     }
           */
          readonly 'application/json': components['schemas']['AsynchronousExecution'];
        };
      };
      /** @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it. */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNAUTHENTICATED`: The service has keys, and the request names none, more than one, or one that is not known. `WWW-Authenticate` says how to name it. */
      readonly 401: {
        headers: {
          /** @description How to send a key, and what is wrong with the one that was sent (RFC 6750) */
          readonly 'WWW-Authenticate'?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `FORBIDDEN`: The key is known, and is switched off. `error` names it. */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `NOT_FOUND`: There is no such path, or no such execution for this caller. */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `INTERNAL`: A fault of the service. Its log has the cause under the same `requestId`. */
      readonly 500: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /**
       * @description - `SANDBOX_BUSY`: There is no place for this caller and none in the queue, or none became free in time.
       *     - `SANDBOX_UNAVAILABLE`: The sandbox does not work, is starting or shutting down, or was lost under the run.
       */
      readonly 503: {
        headers: {
          /** @description When to try again, seconds */
          readonly 'Retry-After'?: number;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
    };
  };
  readonly cancelExecution: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description What has become of it. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "id": "5f0c1e8a2b7d4c6e9a3f8b1d0e7c2a94",
           *       "status": "cancelled",
           *       "createdAt": "2026-03-14T09:26:53.589Z",
           *       "endedAt": "2026-03-14T09:26:55.238Z",
           *       "expiresAt": "2026-03-14T10:26:55.238Z"
           *     }
           */
          readonly 'application/json': components['schemas']['AsynchronousExecution'];
        };
      };
      /** @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it. */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNAUTHENTICATED`: The service has keys, and the request names none, more than one, or one that is not known. `WWW-Authenticate` says how to name it. */
      readonly 401: {
        headers: {
          /** @description How to send a key, and what is wrong with the one that was sent (RFC 6750) */
          readonly 'WWW-Authenticate'?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `FORBIDDEN`: The key is known, and is switched off. `error` names it. */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `NOT_FOUND`: There is no such path, or no such execution for this caller. */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `INTERNAL`: A fault of the service. Its log has the cause under the same `requestId`. */
      readonly 500: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `SANDBOX_UNAVAILABLE`: The sandbox does not work, is starting or shutting down, or was lost under the run. */
      readonly 503: {
        headers: {
          /** @description When to try again, seconds */
          readonly 'Retry-After'?: number;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
    };
  };
  readonly followExecution: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: {
        /** @description The id of the last event that the client has; without it all are sent. */
        readonly 'Last-Event-ID'?: string;
      };
      readonly path: {
        readonly id: string;
      };
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Its events. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example id: 1
           *     event: start
           *     data: {"id":"5f0c1e8a2b7d4c6e9a3f8b1d0e7c2a94"}
           *
           *     id: 2
           *     event: stdout
           *     data: {"text":"step 1\n"}
           *
           *     id: 3
           *     event: result
           *     data: {"result":{"city":"Oslo","days":7},"execution":{"id":"7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd","isolation":"nsjail","durationMs":3.5,"cpuMs":1.9,"peakMemoryBytes":548864,"limits":{"timeoutMs":10000,"memoryMb":512},"timings":{"queueMs":0.1,"policyMs":0.4,"startMs":0.6,"runMs":1.8,"resultMs":0.6}}}
           *
           *     id: 4
           *     event: end
           *     data: {}
           */
          readonly 'text/event-stream': string;
        };
      };
      /** @description It has ended, and the client has had all of its events. */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown;
        };
        content?: never;
      };
      /** @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it. */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNAUTHENTICATED`: The service has keys, and the request names none, more than one, or one that is not known. `WWW-Authenticate` says how to name it. */
      readonly 401: {
        headers: {
          /** @description How to send a key, and what is wrong with the one that was sent (RFC 6750) */
          readonly 'WWW-Authenticate'?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `FORBIDDEN`: The key is known, and is switched off. `error` names it. */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `NOT_FOUND`: There is no such path, or no such execution for this caller. */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `INTERNAL`: A fault of the service. Its log has the cause under the same `requestId`. */
      readonly 500: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /**
       * @description - `SANDBOX_BUSY`: There is no place for this caller and none in the queue, or none became free in time.
       *     - `SANDBOX_UNAVAILABLE`: The sandbox does not work, is starting or shutting down, or was lost under the run.
       */
      readonly 503: {
        headers: {
          /** @description When to try again, seconds */
          readonly 'Retry-After'?: number;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
    };
  };
  readonly modules: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The list. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ModulesResponse'];
        };
      };
      /** @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it. */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNAUTHENTICATED`: The service has keys, and the request names none, more than one, or one that is not known. `WWW-Authenticate` says how to name it. */
      readonly 401: {
        headers: {
          /** @description How to send a key, and what is wrong with the one that was sent (RFC 6750) */
          readonly 'WWW-Authenticate'?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `FORBIDDEN`: The key is known, and is switched off. `error` names it. */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
    };
  };
  readonly describe: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description The description. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['MetadataResponse'];
        };
      };
      /** @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it. */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `UNAUTHENTICATED`: The service has keys, and the request names none, more than one, or one that is not known. `WWW-Authenticate` says how to name it. */
      readonly 401: {
        headers: {
          /** @description How to send a key, and what is wrong with the one that was sent (RFC 6750) */
          readonly 'WWW-Authenticate'?: string;
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description - `FORBIDDEN`: The key is known, and is switched off. `error` names it. */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
    };
  };
  readonly checkHealth: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Everything that it looks at is up. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "ok",
           *       "info": {
           *         "shutdown": {
           *           "status": "up"
           *         },
           *         "sandbox": {
           *           "status": "up"
           *         },
           *         "queue": {
           *           "status": "up"
           *         }
           *       },
           *       "error": {},
           *       "details": {
           *         "shutdown": {
           *           "status": "up"
           *         },
           *         "sandbox": {
           *           "status": "up"
           *         },
           *         "queue": {
           *           "status": "up"
           *         }
           *       }
           *     }
           */
          readonly 'application/json': components['schemas']['HealthReport'];
        };
      };
      /** @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it. */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description Something is down: `error` says what. */
      readonly 503: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "error",
           *       "info": {
           *         "shutdown": {
           *           "status": "up"
           *         },
           *         "queue": {
           *           "status": "up"
           *         }
           *       },
           *       "error": {
           *         "sandbox": {
           *           "status": "down",
           *           "message": "The sandbox cannot run scripts; the log has the cause"
           *         }
           *       },
           *       "details": {
           *         "shutdown": {
           *           "status": "up"
           *         },
           *         "sandbox": {
           *           "status": "down",
           *           "message": "The sandbox cannot run scripts; the log has the cause"
           *         },
           *         "queue": {
           *           "status": "up"
           *         }
           *       }
           *     }
           */
          readonly 'application/json': components['schemas']['HealthReport'];
        };
      };
    };
  };
  readonly checkLiveness: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Everything that it looks at is up. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "ok",
           *       "info": {},
           *       "error": {},
           *       "details": {}
           *     }
           */
          readonly 'application/json': components['schemas']['HealthReport'];
        };
      };
      /** @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it. */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
    };
  };
  readonly checkReadiness: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Everything that it looks at is up. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "ok",
           *       "info": {
           *         "shutdown": {
           *           "status": "up"
           *         },
           *         "sandbox": {
           *           "status": "up"
           *         }
           *       },
           *       "error": {},
           *       "details": {
           *         "shutdown": {
           *           "status": "up"
           *         },
           *         "sandbox": {
           *           "status": "up"
           *         }
           *       }
           *     }
           */
          readonly 'application/json': components['schemas']['HealthReport'];
        };
      };
      /** @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it. */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description Something is down: `error` says what. */
      readonly 503: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "error",
           *       "info": {
           *         "sandbox": {
           *           "status": "up"
           *         }
           *       },
           *       "error": {
           *         "shutdown": {
           *           "status": "down",
           *           "message": "The service is shutting down"
           *         }
           *       },
           *       "details": {
           *         "shutdown": {
           *           "status": "down",
           *           "message": "The service is shutting down"
           *         },
           *         "sandbox": {
           *           "status": "up"
           *         }
           *       }
           *     }
           */
          readonly 'application/json': components['schemas']['HealthReport'];
        };
      };
    };
  };
  readonly checkStartup: {
    readonly parameters: {
      readonly query?: never;
      readonly header?: never;
      readonly path?: never;
      readonly cookie?: never;
    };
    readonly requestBody?: never;
    readonly responses: {
      /** @description Everything that it looks at is up. */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "ok",
           *       "info": {
           *         "sandbox": {
           *           "status": "up"
           *         }
           *       },
           *       "error": {},
           *       "details": {
           *         "sandbox": {
           *           "status": "up"
           *         }
           *       }
           *     }
           */
          readonly 'application/json': components['schemas']['HealthReport'];
        };
      };
      /** @description - `INVALID_REQUEST`: The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it. */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          readonly 'application/json': components['schemas']['ErrorResponse'];
        };
      };
      /** @description Something is down: `error` says what. */
      readonly 503: {
        headers: {
          readonly [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": "error",
           *       "info": {},
           *       "error": {
           *         "sandbox": {
           *           "status": "down",
           *           "message": "The sandbox cannot run scripts; the log has the cause"
           *         }
           *       },
           *       "details": {
           *         "sandbox": {
           *           "status": "down",
           *           "message": "The sandbox cannot run scripts; the log has the cause"
           *         }
           *       }
           *     }
           */
          readonly 'application/json': components['schemas']['HealthReport'];
        };
      };
    };
  };
}
