import {
  type ArgumentMetadata,
  Injectable,
  type Type,
  ValidationPipe,
  type ValidationError,
} from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { RequestFailure } from '../http/request-failure';

/**
 * Validates request bodies by the rules of their DTO class: its fields with the right types, and no other fields.
 * Throws a RequestFailure with INVALID_REQUEST that names the field.
 */
@Injectable()
export class RequestBodyPipe extends ValidationPipe {
  constructor() {
    super({ transform: true, exceptionFactory: failureOfErrors });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new RequestFailure(
        'INVALID_REQUEST',
        'Request body must be a JSON object such as {"script": "def main():\\n    return 1"}',
      );
    }
    // The validator does not see names that every object has, such as __proto__ or constructor.
    const fields = metadata.metatype ? fieldsOf(metadata.metatype) : new Set<string>();
    const unknown = Object.keys(value).find((name) => !fields.has(name));
    if (unknown !== undefined) {
      throw new RequestFailure('INVALID_REQUEST', `Unknown field ${JSON.stringify(unknown)}`);
    }
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

/** Returns the names of the fields for which a DTO class has rules. */
function fieldsOf(dto: Type): ReadonlySet<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  return new Set(rules.map(({ propertyName }) => propertyName));
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
