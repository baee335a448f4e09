import { isUtf8 } from 'node:buffer';
import { Allow } from 'class-validator';
import { BodyBytes, IsUnparsedObject } from '../door/foreign-bodies';
import type { ForeignRequest } from '../door/foreign-request';

/** The members of `POST /run`. What stands in `arguments` reaches Python as it came. */
export class RagflowFields {
  @Allow()
  readonly code_b64?: unknown;

  @Allow()
  readonly language?: unknown;

  @IsUnparsedObject()
  readonly arguments?: unknown;
}

/** What is wrong with a request: with which member, and why. */
export interface RagflowProblem {
  readonly field: string;
  readonly message: string;
}

const PYTHON = 'python';
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Returns what is executed, or what is wrong. */
export function ragflowRequestOf({
  code_b64: code,
  language = PYTHON,
  arguments: given = null,
}: RagflowFields): ForeignRequest | RagflowProblem {
  if (language !== PYTHON) {
    return { field: 'language', message: 'This sandbox runs "python" only: other languages are not served' };
  }
  if (given !== null && !(given instanceof BodyBytes)) {
    return { field: 'arguments', message: 'Input should be an object with the arguments of main()' };
  }
  if (typeof code !== 'string') {
    return { field: 'code_b64', message: 'Input should be a text: Python in UTF-8, encoded as base64' };
  }
  if (code.length % 4 !== 0 || !BASE64.test(code)) {
    return { field: 'code_b64', message: 'Invalid base64 encoding: expected RFC 4648 with padding' };
  }
  const bytes = Buffer.from(code, 'base64');
  if (!isUtf8(bytes)) {
    return { field: 'code_b64', message: 'What is encoded is no text in UTF-8' };
  }
  return {
    script: bytes.toString('utf8'),
    mode: 'function',
    ...(given !== null && { inputs: given.bytes }),
  };
}
