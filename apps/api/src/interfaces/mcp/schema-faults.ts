import { RPC_CODES } from './rpc-error';

/** What the SDK's schemas find, as far as it is told. */
interface SchemaIssue {
  readonly path: readonly (string | number)[];
  readonly expected?: string;
}

/** At most so many places of a message are named. */
const MOST_NAMED = 5;
/** With these it tells what its schemas refuse: of `initialize` and of `tools/call`. */
const CODES: readonly number[] = [RPC_CODES.internalError, RPC_CODES.invalidParams];
const SDK_FAULT = /"code":-3260[23]\b/;

/**
 * Returns the SDK's answer, in which a message that its schemas refuse is a wrong request and no fault of the service, told in a
 * sentence instead of what the schemas print.
 * @param text an answer that no fault of ours is in
 */
export function withSchemaFaultsTold(text: string): string {
  if (!SDK_FAULT.test(text)) {
    return text;
  }
  const answer = JSON.parse(text) as unknown;
  return JSON.stringify(Array.isArray(answer) ? answer.map(told) : told(answer));
}

function told(answer: unknown): unknown {
  const { error } = answer as { readonly error?: { readonly code: number; readonly message: string } };
  const issues = error && CODES.includes(error.code) ? issuesOf(error.message) : null;
  if (!error || !issues) {
    return answer;
  }
  const places = issues
    .slice(0, MOST_NAMED)
    .map(({ path, expected }) => `${path.join('.') || 'message'}${expected ? ` (${expected})` : ''}`);
  const message = `Invalid params: not as the method has it, or missing: ${places.join(', ')}`;
  return { ...(answer as object), error: { ...error, code: RPC_CODES.invalidParams, message } };
}

/** Of a message that is a list of issues, or has one behind some words. */
function issuesOf(message: string): readonly SchemaIssue[] | null {
  try {
    const issues = JSON.parse(message.slice(Math.max(0, message.indexOf('[')))) as unknown;
    return Array.isArray(issues) && issues.every(isIssue) ? issues : null;
  } catch {
    // A sentence.
    return null;
  }
}

function isIssue(value: unknown): value is SchemaIssue {
  return typeof value === 'object' && value !== null && 'path' in value && Array.isArray(value.path);
}
