import type { ExecutionRequest } from '@pycell/sandbox';

/**
 * How a body begins that came to an interface of others, by which workers give it the terms of interfaces. No client can send
 * one: `POST /executions` takes no such field.
 */
const BEGINNING = /^\{"interface":"([a-z0-9]{1,20})",/;
const LONGEST_BEGINNING = 40;
const OPEN_BRACE = 0x7b;

/** What a job came to, and the body of a request to execute. */
export interface PartsOfJob {
  /** Null of what came to our own API. */
  readonly interfaceName: string | null;
  readonly body: Buffer;
}

/** Returns the body of a job that came to an interface: one that `POST /executions` could have been sent, and the name. */
export function interfaceBody(
  { script, mode, inputs, stdin, files, limits }: ExecutionRequest,
  interfaceName: string,
): Buffer {
  const members = JSON.stringify({
    interface: interfaceName,
    script,
    mode,
    ...(stdin && { stdin: stdin.toString('utf8') }),
    ...(files.length > 0 && {
      files: files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') })),
    }),
    limits,
  });
  return inputs
    ? Buffer.concat([Buffer.from(`${members.slice(0, -1)},"inputs":`), inputs, Buffer.from('}')])
    : Buffer.from(members);
}

/** @param body its bytes are changed */
export function partsOfJob(body: Buffer): PartsOfJob {
  const beginning = BEGINNING.exec(body.toString('latin1', 0, LONGEST_BEGINNING));
  if (!beginning) {
    return { interfaceName: null, body };
  }
  const rest = body.subarray(beginning[0].length - 1);
  rest[0] = OPEN_BRACE;
  return { interfaceName: beginning[1] ?? '', body: rest };
}
