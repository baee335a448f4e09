import { type ArgumentMetadata, Injectable, ValidationPipe, type ValidationError } from '@nestjs/common';
import { ExecutionFailure } from '@pycell/sandbox';

/** Validates request bodies: known fields of the right types and no others. Fails with INVALID_REQUEST. */
@Injectable()
export class RequestBodyPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: failureOfErrors,
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw new ExecutionFailure(
        'INVALID_REQUEST',
        'Request body must be a JSON object such as {"script": "def main():\\n    return 1"}',
      );
    }
    // The one name that JSON can hold and the validator, which copies fields by assignment, does not see.
    if (metadata.type === 'body' && Object.hasOwn(value as object, '__proto__')) {
      throw new ExecutionFailure('INVALID_REQUEST', 'Unknown field "__proto__"');
    }
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

function failureOfErrors(errors: readonly ValidationError[]): ExecutionFailure {
  return new ExecutionFailure('INVALID_REQUEST', errors.map(describe).join('; '));
}

function describe({ property, constraints = {}, value }: ValidationError): string {
  if ('whitelistValidation' in constraints) {
    return `Unknown field ${JSON.stringify(property)}`;
  }
  if ('isString' in constraints) {
    return value === undefined
      ? `Field ${property} is missing, it must be a string`
      : `Field ${property} must be a string, not ${typeName(value)}`;
  }
  return Object.values(constraints).join('; ');
}

function typeName(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'an array' : typeof value;
}
