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
      throw failureOfUnknown(
        unknown,
        [...fields].filter((name) => !Object.hasOwn(value, name)),
      );
    }
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

/** Returns the names of the fields for which a DTO class has rules. */
function fieldsOf(dto: Type): ReadonlySet<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  return new Set(rules.map(({ propertyName }) => propertyName));
}

/** What other services call the script. */
const OTHER_NAMES =
  /^(code|source|src|python|py|program|content|text|snippet|cmd|command|body|input|file|data)$/i;
/** What they let a caller choose, and the operator sets here. */
const NAMES_OF_LIMITS = /time_?out|limit|memory/i;
const MAX_SHOWN_CHARACTERS = 100;

function failureOfUnknown(name: string, missing: readonly string[]): RequestFailure {
  const shown = JSON.stringify(
    name.length > MAX_SHOWN_CHARACTERS ? `${name.slice(0, MAX_SHOWN_CHARACTERS)}…` : name,
  );
  const also = missing.length > 0 ? `; field ${missing.join(', ')} is missing` : '';
  return new RequestFailure('INVALID_REQUEST', `Unknown field ${shown}${also}`, {
    hint: hintOfUnknown(name, missing),
  });
}

function hintOfUnknown(name: string, missing: readonly string[]): string {
  if (missing.includes('script') || OTHER_NAMES.test(name)) {
    return 'The script is sent as "script": {"script": "def main():\\n    return 1"}';
  }
  return NAMES_OF_LIMITS.test(name)
    ? 'Limits are set by whoever runs the service, for all runs: GET / tells them. Leave the field out.'
    : 'The body has one field, "script". Leave the other out.';
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
