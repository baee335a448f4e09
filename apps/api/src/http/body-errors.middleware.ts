import type { NextFunction, Request, Response } from 'express';
import { ENCODING_ERROR_TYPE, STRUCTURE_ERROR_TYPE } from './json-structure';
import { RequestFailure } from './request-failure';

/** What body-parser, and the libraries that it decodes with (zlib, iconv), set on their errors. */
interface BodyError {
  readonly type?: string;
  readonly status: number;
  readonly message: string;
  readonly limit?: number;
}

/**
 * Express error handler behind the body parser: turns its errors into failures of requests. Nest would turn some of them
 * into other errors and lose what they are.
 */
export function explainBodyErrors(
  error: unknown,
  _request: Request,
  _response: Response,
  next: NextFunction,
): void {
  next(isBodyError(error) ? failureOfBody(error) : error);
}

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

function isBodyError(exception: unknown): exception is BodyError {
  return typeof (exception as Partial<BodyError> | null)?.status === 'number';
}

function failureOfBody(error: BodyError): RequestFailure {
  switch (error.type) {
    case 'entity.too.large':
      return new RequestFailure(
        'PAYLOAD_TOO_LARGE',
        `Request body is larger than the limit of ${error.limit} bytes`,
      );
    case 'charset.unsupported':
      return new RequestFailure('UNSUPPORTED_MEDIA_TYPE', `Request body: ${error.message}, send it as UTF-8`);
    case 'encoding.unsupported':
      return new RequestFailure('UNSUPPORTED_MEDIA_TYPE', `Request body: ${error.message}`);
    case STRUCTURE_ERROR_TYPE:
      return new RequestFailure('INVALID_REQUEST', `Request body is not read: ${error.message}`);
    case ENCODING_ERROR_TYPE:
      return new RequestFailure('INVALID_REQUEST', `Request body is not read: ${error.message}`, {
        hint: 'Send the JSON in UTF-8, not in Latin-1 or another encoding: in Python json.dumps(body).encode(), in curl --data-binary @file of a file that is saved so.',
      });
    case 'entity.parse.failed':
      return new RequestFailure('INVALID_REQUEST', `Request body is not valid JSON: ${error.message}`, {
        hint: HINTS_OF_JSON.find(([pattern]) => pattern.test(error.message))?.[1],
      });
    default:
      return error.status < 500
        ? new RequestFailure('INVALID_REQUEST', `Request body cannot be read: ${error.message}`)
        : RequestFailure.internal(error);
  }
}
