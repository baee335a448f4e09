/** Who finds out that an execution has this status. */
export type StatusOrigin =
  /** The HTTP side: the request is not one that can be executed. */
  | 'request'
  /** The service, before a run or in place of one. */
  | 'service'
  /** The run's own process, which holds the script. */
  | 'run'
  /** The supervisor, from outside the run. */
  | 'supervisor';

/** One row of the table of statuses. */
export interface StatusDescription {
  readonly http: number;
  readonly origins: readonly StatusOrigin[];
  /** Whether the same request may succeed later. No result was delivered, so it is safe to send it again. */
  readonly retryable: boolean;
  /** What happened, in a few words for the person who wrote the script. */
  readonly title: string;
  /** When the API answers so: one sentence for developers. */
  readonly meaning: string;
  /** What the author of the script can do. One or two sentences. */
  readonly advice: string;
}

/**
 * Every way for an execution, or a request for one, to end without a result, in the order in which the checks happen.
 * The one place: HTTP codes, OpenAPI, docs/api.md, the console's texts and the runner's constants come from this table
 * (`npm run generate` writes what is not TypeScript). The codes are public: a new one is an addition, a changed one needs
 * an ADR.
 */
export const STATUSES = {
  INVALID_REQUEST: {
    http: 400,
    origins: ['request'],
    retryable: false,
    title: 'The request was not understood',
    meaning:
      'The body is not JSON, a field is missing, unknown or of the wrong type, or the `Host` is not allowed. `error` names it.',
    advice: 'Page and API may be of different versions: reload the page. What the page sent is named above.',
  },
  UNAUTHENTICATED: {
    http: 401,
    origins: ['request'],
    retryable: false,
    title: 'The service wants a key',
    meaning:
      'The service has keys, and the request names none, more than one, or one that is not known. `WWW-Authenticate` says how to name it.',
    advice: 'Enter the key that whoever runs the service has given you.',
  },
  FORBIDDEN: {
    http: 403,
    origins: ['request'],
    retryable: false,
    title: 'The key may not be used for this',
    meaning: 'The key is known, and is switched off. `error` names it.',
    advice: 'Ask whoever runs the service to switch the key on again, or for another.',
  },
  RATE_LIMITED: {
    http: 429,
    origins: ['request'],
    retryable: true,
    title: 'Too many requests',
    meaning:
      'The caller has sent more requests than it may in a time: `RateLimit-Policy` says how many, `Retry-After` when there is room again.',
    advice: 'Wait until the time is over, then run the script again.',
  },
  NOT_FOUND: {
    http: 404,
    origins: ['request'],
    retryable: false,
    title: 'The service knows no such address',
    meaning: 'There is no such path, or no such execution for this caller.',
    advice:
      'pycell answers, and not at this path: check the address of the API in the settings, without anything behind it.',
  },
  METHOD_NOT_ALLOWED: {
    http: 405,
    origins: ['request'],
    retryable: false,
    title: 'The service runs no scripts at this address',
    meaning: 'The path exists, for other methods: the header `Allow` lists them.',
    advice:
      'pycell answers, and takes no script at this path: check the address of the API in the settings, without anything behind it.',
  },
  PAYLOAD_TOO_LARGE: {
    http: 413,
    origins: ['request'],
    retryable: false,
    title: 'The script is too large to be sent',
    meaning: 'The body is larger than a script of the permitted size can need.',
    advice: 'Shorten the script, or have it compute the data that stands in it.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    http: 415,
    origins: ['request'],
    retryable: false,
    title: 'The request was not understood',
    meaning: 'The body is not sent as `application/json`, or in an encoding that the service does not know.',
    advice:
      'Page and API may be of different versions: reload the page. If it stays so, look at what stands between the two and changes requests.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    http: 422,
    origins: ['request'],
    retryable: false,
    title: 'The idempotency key stands for another request',
    meaning:
      'The caller has started another execution under this `Idempotency-Key`, with another body. Nothing was started.',
    advice: 'Start it again: the page chooses a new key for each run.',
  },
  SCRIPT_TOO_LARGE: {
    http: 400,
    origins: ['service'],
    retryable: false,
    title: 'The script is too large',
    meaning: 'The script has more than `maxScriptSize` characters (Unicode code points).',
    advice: 'Shorten the script: data that it can compute need not stand in it.',
  },
  POLICY_VIOLATION: {
    http: 400,
    origins: ['service'],
    retryable: false,
    title: 'The script was refused',
    meaning: 'The script policy refuses a module or a built-in function that the script uses.',
    advice:
      'Scripts may not use this here. Compute with what the script has, and return the result instead of writing it anywhere.',
  },
  SYNTAX_ERROR: {
    http: 400,
    origins: ['run'],
    retryable: false,
    title: 'Syntax error',
    meaning: 'CPython cannot compile the script. `error` is its own message, with line and column.',
    advice: 'Python could not read the script. Look at the marked place, and at the line above it.',
  },
  MAIN_MISSING: {
    http: 400,
    origins: ['run'],
    retryable: false,
    title: 'main() is missing',
    meaning: 'The script defines no top-level callable `main`.',
    advice: 'Add a function called main at the top level. What it returns is the result.',
  },
  INVALID_INPUTS: {
    http: 422,
    origins: ['run'],
    retryable: false,
    title: 'The inputs do not fit main()',
    meaning:
      '`inputs` lacks a parameter of `main`, has one that it does not know, or a value that its annotation cannot be made of. `error` names it.',
    advice: 'Compare the inputs with the parameters of main(): their names, and those without a default.',
  },
  SCRIPT_ERROR: {
    http: 422,
    origins: ['run'],
    retryable: false,
    title: 'The script raised an exception',
    meaning:
      'The script raised. `error` has type, message and line; `traceback` shows the frames of the script.',
    advice:
      'To see the values on the way, print them before that line: what was printed is kept when a script fails.',
  },
  SCRIPT_EXITED: {
    http: 422,
    origins: ['run', 'supervisor'],
    retryable: false,
    title: 'The script ended itself',
    meaning: 'The script called `sys.exit`, `os._exit` or the like, or closed the connection for its result.',
    advice: 'Return from main() instead of ending the process.',
  },
  SCRIPT_CRASHED: {
    http: 422,
    origins: ['service', 'supervisor'],
    retryable: false,
    title: 'The script crashed',
    meaning:
      'The process of the script died by a signal, or broke the channel that carries its result; `error` tells which.',
    advice:
      'Plain Python code does not do that. Look for native code, deep recursion, and writes to descriptors that the script has not opened.',
  },
  TIMEOUT: {
    http: 422,
    origins: ['supervisor'],
    retryable: false,
    title: 'Time limit reached',
    meaning: 'The script ran longer than `timeoutSeconds`, or took more CPU time than that allows.',
    advice:
      'Look for a loop that does not end, or do less work in one run. What was printed until then is kept.',
  },
  MEMORY_LIMIT: {
    http: 422,
    origins: ['service', 'run'],
    retryable: false,
    title: 'Memory limit reached',
    meaning:
      'The script needed more memory than `memoryLimitMb`, or than the machine had: then its process was killed, twice.',
    advice: 'Work on smaller pieces: generators instead of lists, fewer copies, smaller arrays.',
  },
  OUTPUT_LIMIT: {
    http: 422,
    origins: ['supervisor'],
    retryable: false,
    title: 'Output limit reached',
    meaning:
      'The script printed more than `maxOutputBytes`, stdout and stderr together. What fits is in the answer.',
    advice: 'Print less, or return the data instead of printing it. What fitted is kept.',
  },
  RESULT_TOO_LARGE: {
    http: 422,
    origins: ['run'],
    retryable: false,
    title: 'The result is too large',
    meaning: 'The JSON text of the return value has more than `maxResultBytes`.',
    advice: 'Return a part or a summary: the first rows, a group-by, a sample.',
  },
  ARTIFACTS_TOO_LARGE: {
    http: 422,
    origins: ['run'],
    retryable: false,
    title: 'The files are too many or too large',
    meaning:
      'The files in `output/` and the open figures are more than `maxFiles`, or have more than `maxArtifactBytes` together.',
    advice: 'Write fewer or smaller files to output/, and close the figures that nobody needs.',
  },
  RESULT_NOT_SERIALIZABLE: {
    http: 422,
    origins: ['run'],
    retryable: false,
    title: 'The result is no JSON value',
    meaning: 'The return value has no JSON form. `error` names the type and the path of the value.',
    advice:
      'Return numbers, texts, lists and dicts, or numpy, pandas and datetime values. Convert anything else first.',
  },
  SANDBOX_BUSY: {
    http: 503,
    origins: ['service'],
    retryable: true,
    title: 'The service is busy',
    meaning: 'There is no place for this caller and none in the queue, or none became free in time.',
    advice: 'Other runs, perhaps of your own, have the places. Each ends at the time limit at the latest.',
  },
  SANDBOX_UNAVAILABLE: {
    http: 503,
    origins: ['service'],
    retryable: true,
    title: 'The sandbox is not available',
    meaning: 'The sandbox does not work, is starting or shutting down, or was lost under the run.',
    advice: 'If it stays so, whoever runs the service finds the reason with npm run doctor on its host.',
  },
  INTERNAL: {
    http: 500,
    origins: ['service'],
    retryable: false,
    title: 'The service failed',
    meaning: 'A fault of the service. Its log has the cause under the same `requestId`.',
    advice: 'If it stays so, whoever runs the service finds the reason in its log by the request id below.',
  },
} as const satisfies Readonly<Record<string, StatusDescription>>;

/** The code of an answer that has no result. */
export type ErrorCode = keyof typeof STATUSES;

type CodesBy<Origin extends StatusOrigin> = {
  [Code in ErrorCode]: Origin extends (typeof STATUSES)[Code]['origins'][number] ? Code : never;
}[ErrorCode];

/** Codes of requests that never become an execution. */
export type RequestErrorCode = CodesBy<'request'>;
/** Codes that the run's own process may tell. */
export type RunErrorCode = CodesBy<'run'>;
/** Codes that the supervisor may tell. */
export type SupervisorErrorCode = CodesBy<'supervisor'>;

/** All codes, in the order of the table. */
export const ERROR_CODES = Object.keys(STATUSES) as readonly ErrorCode[];

/** Returns the codes of one origin, in the order of the table. */
export function codesBy<Origin extends StatusOrigin>(origin: Origin): readonly CodesBy<Origin>[] {
  return ERROR_CODES.filter((code): code is CodesBy<Origin> =>
    (STATUSES[code].origins as readonly StatusOrigin[]).includes(origin),
  );
}

/** The message of `MAIN_MISSING`; existing clients compare it. */
export const MAIN_MISSING_MESSAGE = 'Script must contain a main() function';
