import { constants } from 'node:os';
import type { ErrorCode } from '@pycell/contracts';
import type { ForeignArtifact, ForeignFailure, ForeignOutcome } from '../door/foreign-outcome';
import { pythonLiteral } from './python-literal';

/** The members of an answer to `POST /run`, but for `result`. */
export interface RagflowFacts {
  readonly status:
    'success' | 'program_error' | 'resource_limit_exceeded' | 'program_runner_error' | 'unauthorized_access';
  readonly stdout: string;
  readonly stderr: string;
  readonly exit_code: number;
  readonly detail: string | null;
  readonly time_used_ms: number | null;
  readonly memory_used_kb: number | null;
  readonly resource_limit_type: 'time' | 'memory' | 'output' | null;
  readonly unauthorized_access_type: null;
  readonly runtime_error_type: 'signalled' | 'nonzero_exit' | null;
  readonly artifacts: readonly object[];
}

/** Types of files that RAGFlow takes, by their extensions; and how many, as large as these. */
const TAKEN_TYPES: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/svg+xml',
  'application/pdf',
  'text/csv',
  'application/json',
  'text/html',
];
const MOST_ARTIFACTS = 10;
const MOST_ARTIFACT_BYTES = 10 * 1024 * 1024;

type Failed = Pick<RagflowFacts, 'status' | 'exit_code'> &
  Partial<Pick<RagflowFacts, 'resource_limit_type' | 'runtime_error_type' | 'detail'>>;

/** What is no fault of the script: there was no run, or it is not known what became of it. */
const REFUSALS: Partial<Record<ErrorCode, Failed>> = {
  SANDBOX_BUSY: { status: 'program_runner_error', exit_code: -10, detail: 'no_available_container' },
  SANDBOX_UNAVAILABLE: { status: 'program_runner_error', exit_code: -3, detail: 'internal_error' },
  INTERNAL: { status: 'program_runner_error', exit_code: -3, detail: 'internal_error' },
  INVALID_REQUEST: { status: 'program_runner_error', exit_code: -999, detail: 'invalid_request' },
  SCRIPT_TOO_LARGE: { status: 'program_runner_error', exit_code: -999, detail: 'script_too_large' },
  PAYLOAD_TOO_LARGE: { status: 'program_runner_error', exit_code: -999, detail: 'payload_too_large' },
  POLICY_VIOLATION: { status: 'program_runner_error', exit_code: -999, detail: 'Code is unsafe' },
  TIMEOUT: { status: 'resource_limit_exceeded', exit_code: -124, resource_limit_type: 'time' },
  MEMORY_LIMIT: { status: 'resource_limit_exceeded', exit_code: -137, resource_limit_type: 'memory' },
  OUTPUT_LIMIT: { status: 'resource_limit_exceeded', exit_code: -1, resource_limit_type: 'output' },
};

/** Returns the body of the answer to an execution. All that came to an outcome are sent with 200. */
export function ragflowBodyOf(outcome: ForeignOutcome): Buffer {
  const succeeded =
    outcome.kind === 'completed' || (outcome.code === 'SCRIPT_EXITED' && outcome.exitCode === 0);
  if (!succeeded) {
    return bodyWith(failureOf(outcome), null);
  }
  const result = outcome.kind === 'completed' ? outcome.resultJson : null;
  return bodyWith(
    {
      ...factsOf(outcome),
      status: 'success',
      // What main() returned is printed for versions that read it there; later ones take `result`.
      stdout: outcome.stdout + (result ? printed(result) : ''),
      stderr: outcome.stderr,
      exit_code: 0,
      artifacts: artifactsOf(outcome.artifacts),
    },
    result,
  );
}

/** Returns the body of a refusal that has the form of an answer. */
export function ragflowRefusal(exitCode: number, stderr: string, detail: string): RagflowFacts {
  return { ...NOTHING, status: 'program_runner_error', stderr, exit_code: exitCode, detail };
}

/** Returns what FastAPI says of a body that is not valid. @param field its path in the body; none: the body as such */
export function fastApiError(field: readonly string[], message: string): object {
  return { detail: [{ type: 'value_error', loc: ['body', ...field], msg: message }] };
}

const NOTHING: RagflowFacts = {
  status: 'success',
  stdout: '',
  stderr: '',
  exit_code: 0,
  detail: null,
  time_used_ms: null,
  memory_used_kb: null,
  resource_limit_type: null,
  unauthorized_access_type: null,
  runtime_error_type: null,
  artifacts: [],
};

/** The result is the text that Python wrote: its digits go on as they are. */
function bodyWith(facts: RagflowFacts, result: Buffer | null): Buffer {
  const json = JSON.stringify(facts);
  return result
    ? Buffer.concat([
        Buffer.from(`${json.slice(0, -1)},"result":{"present":true,"value":`),
        result,
        Buffer.from(',"type":"json"}}'),
      ])
    : Buffer.from(`${json.slice(0, -1)},"result":null}`);
}

function failureOf(failure: ForeignFailure): RagflowFacts {
  const { code, stderr, traceback, message, hint } = failure;
  const failed = REFUSALS[code] ?? ofProgram(failure);
  const said = stderr === '' || stderr.endsWith('\n') ? stderr : `${stderr}\n`;
  // Without anything on stdout: RAGFlow shows an error for what has nothing there only.
  return {
    ...factsOf(failure),
    stderr: `${said}${traceback ?? message}${hint === undefined ? '' : `\n${hint}`}`,
    ...failed,
  };
}

function ofProgram({ exitCode, signal }: ForeignFailure): Failed {
  const number = signal === undefined ? undefined : constants.signals[signal as NodeJS.Signals];
  return number === undefined
    ? { status: 'program_error', exit_code: exitCode ?? 1, runtime_error_type: 'nonzero_exit' }
    : { status: 'program_error', exit_code: 128 + number, runtime_error_type: 'signalled' };
}

function factsOf({ execution }: ForeignOutcome): RagflowFacts {
  const memory = execution?.peakMemoryBytes;
  return {
    ...NOTHING,
    time_used_ms: execution?.durationMs ?? null,
    memory_used_kb: memory === undefined ? null : Math.ceil(memory / 1024),
  };
}

/**
 * As print() shows a text, a number, a list and an object, so that versions which read what is printed by `eval` have the value; later
 * ones try JSON first, and `ast.literal_eval` then. None is not printed.
 */
function printed(result: Buffer): string {
  const python = pythonLiteral(result).toString('utf8');
  if (python === 'None') {
    return '';
  }
  return `${python.startsWith('"') ? (JSON.parse(python) as string) : python}\n`;
}

function artifactsOf(artifacts: readonly ForeignArtifact[]): readonly object[] {
  return artifacts
    .filter(
      ({ contentType, bytes }) =>
        TAKEN_TYPES.includes(contentType) && bytes.length > 0 && bytes.length <= MOST_ARTIFACT_BYTES,
    )
    .slice(0, MOST_ARTIFACTS)
    .map(({ name, contentType, bytes }) => ({
      name: name.slice(name.lastIndexOf('/') + 1),
      mime_type: contentType,
      size: bytes.length,
      content_b64: bytes.toString('base64'),
    }));
}
