import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { type ErrorCode, STATUSES } from '@pycell/contracts';
import { hostRefused } from '../http/host-check.middleware';
import { headersOf } from './answer-headers';
import { errorExample } from './error-examples';
import { ErrorResponseSchema } from './error-response.schema';

/**
 * Describes the error answers of an operation, with an example for each code. Texts come from the table of statuses.
 * @param messages the sentence of the example, for codes whose usual one does not fit the operation
 * @throws Error where a code is named twice: the service does not start then
 */
export function ApiErrors(
  codes: readonly ErrorCode[],
  messages: Partial<Record<ErrorCode, string>> = {},
): MethodDecorator {
  const twice = codes.find((code, at) => codes.indexOf(code) !== at);
  if (twice) {
    throw new Error(`the errors of an operation name ${twice} twice`);
  }
  const statuses = new Set(codes.map((code) => STATUSES[code].http));
  return applyDecorators(
    ApiExtraModels(ErrorResponseSchema),
    ...Array.from(statuses, (http) =>
      describe(
        http,
        codes.filter((code) => STATUSES[code].http === http),
        messages,
      ),
    ),
  );
}

function describe(
  http: number,
  codes: readonly ErrorCode[],
  messages: Partial<Record<ErrorCode, string>>,
): MethodDecorator {
  const headers = headersOf(codes);
  return ApiResponse({
    status: http,
    description: codes.map((code) => `- \`${code}\`: ${STATUSES[code].meaning}`).join('\n'),
    ...(headers && { headers }),
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(ErrorResponseSchema) },
        examples: Object.fromEntries(
          codes.map((code) => [
            code,
            { summary: STATUSES[code].title, value: errorExample(code, messages[code]) },
          ]),
        ),
      },
    },
  });
}

/** Describes what operations without a body answer where the request is addressed to a host name that is not allowed. */
export function ApiHostCheck(): MethodDecorator {
  return ApiErrors(['INVALID_REQUEST'], { INVALID_REQUEST: hostRefused('evil.example') });
}

/** Describes what operations answer to a key that is wrong, or missing where one is needed. */
export function ApiKeyCheck(): MethodDecorator {
  return ApiErrors(['UNAUTHENTICATED', 'FORBIDDEN']);
}
