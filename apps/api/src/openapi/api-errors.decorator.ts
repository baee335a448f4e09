import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { type ErrorCode, STATUSES } from '@pycell/contracts';
import { hostRefused } from '../http/host-check.middleware';
import { errorExample } from './error-examples';
import { ErrorResponseSchema } from './error-response.schema';

const RETRY_AFTER = {
  'Retry-After': { description: 'When to try again, seconds', schema: { type: 'integer', minimum: 1 } },
} as const;

const WWW_AUTHENTICATE = {
  'WWW-Authenticate': {
    description: 'How to send a key, and what is wrong with the one that was sent (RFC 6750)',
    schema: { type: 'string' },
  },
} as const;

/**
 * Describes the error answers of an operation, with an example for each code. Texts come from the table of statuses.
 * @param messages the sentence of the example, for codes whose usual one does not fit the operation
 */
export function ApiErrors(
  codes: readonly ErrorCode[],
  messages: Partial<Record<ErrorCode, string>> = {},
): MethodDecorator {
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
  return ApiResponse({
    status: http,
    description: codes.map((code) => `- \`${code}\`: ${STATUSES[code].meaning}`).join('\n'),
    ...(codes.some((code) => STATUSES[code].retryable) && { headers: RETRY_AFTER }),
    ...(codes.includes('UNAUTHENTICATED') && { headers: WWW_AUTHENTICATE }),
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
