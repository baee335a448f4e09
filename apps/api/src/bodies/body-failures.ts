import { LIMITS } from '@pycell/contracts';
import { RequestFailure } from '../http/request-failure';

/** Lists, objects and members of a body besides its inputs. 256 files have 768. */
export const MAX_STRUCTURE = 1_000;

/** By what JSON.parse says. */
const HINTS_OF_JSON: readonly (readonly [RegExp, string])[] = [
  [
    /control character/i,
    'A line break in a JSON string is written \\n, a tab \\t: let a library make the JSON, such as JSON.stringify() or json.dumps().',
  ],
  [
    /escape/i,
    'A backslash in a JSON string is written \\\\: let a library make the JSON, such as JSON.stringify() or json.dumps().',
  ],
  [
    /property name|Unexpected token '|unexpected token/i,
    'JSON has double quotes around names and texts, and no comma before a closing bracket: let a library make it, such as JSON.stringify() or json.dumps().',
  ],
  [/Unexpected end|Unterminated/i, 'The body ends too early: check that all of it was sent.'],
];

/** @param message what is wrong, in the words of JSON.parse */
export function notJson(message: string): RequestFailure {
  return new RequestFailure('INVALID_REQUEST', `Request body is not valid JSON: ${message}`, {
    hint: HINTS_OF_JSON.find(([pattern]) => pattern.test(message))?.[1],
  });
}

export function notUtf8(): RequestFailure {
  return new RequestFailure('INVALID_REQUEST', 'Request body is not read: it is not UTF-8', {
    hint: 'Send the JSON in UTF-8, not in Latin-1 or another encoding: in Python json.dumps(body).encode(), in curl --data-binary @file of a file that is saved so.',
  });
}

/** @param most in a body of another form than ours; `MAX_STRUCTURE` besides inputs where it is left out */
export function tooMuchStructure(most?: number): RequestFailure {
  return new RequestFailure(
    'INVALID_REQUEST',
    `Request body is not read: it has more than ${most ?? MAX_STRUCTURE} lists, objects and members${most === undefined ? ' besides its inputs' : ''}`,
  );
}

export function tooManyInputs(path: string, limit: number): RequestFailure {
  return new RequestFailure(
    'INVALID_REQUEST',
    `Field ${path} has more than ${limit} elements, which is the limit ${LIMITS.maxBatch.variable}`,
    { hint: 'Send them in several batches.' },
  );
}

export function notAnObject(): RequestFailure {
  return new RequestFailure(
    'INVALID_REQUEST',
    'Request body must be a JSON object such as {"script": "def main():\\n    return 1"}',
  );
}
