import { type ArgumentMetadata, ValidationPipe, type ValidationError } from '@nestjs/common';
import { RequestFailure } from '../http/request-failure';

/** Validates request bodies: known fields of the right types and no others. Fails with INVALID_REQUEST. */
export class RequestBodyPipe extends ValidationPipe {
  /** @param fields the names that a body may have */
  constructor(private readonly fields: readonly string[]) {
    super({
      transform: true,
      exceptionFactory: failureOfErrors,
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw new RequestFailure(
        'INVALID_REQUEST',
        'Request body must be a JSON object such as {"script": "def main():\\n    return 1"}',
      );
    }
    // The validator does not see names that every object has, such as __proto__ or constructor.
    const unknown =
      metadata.type === 'body'
        ? Object.keys(value as object).find((name) => !this.fields.includes(name))
        : undefined;
    if (unknown !== undefined) {
      throw new RequestFailure('INVALID_REQUEST', `Unknown field ${JSON.stringify(unknown)}`);
    }
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

function failureOfErrors(errors: readonly ValidationError[]): RequestFailure {
  return new RequestFailure('INVALID_REQUEST', errors.map(describe).join('; '));
}

function describe({ property, constraints = {}, value }: ValidationError): string {
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
