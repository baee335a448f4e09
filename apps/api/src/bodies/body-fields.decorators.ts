import { applyDecorators, type Type } from '@nestjs/common';
import {
  Validate,
  ValidateIf,
  ValidateNested,
  type ValidationArguments,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { BodyBytes } from './body-bytes';
import { declareField } from './body-shape';
import { isRecord, typeName } from './json-words';

// A message says what the field must be: the pipe puts the field's name before it. Where it begins with `[`, it is about
// that element.

/** Any string that Python can read: half of a surrogate pair has no UTF-8 form. */
@ValidatorConstraint({ name: 'isText' })
class IsTextConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && value.isWellFormed();
  }

  defaultMessage({ value }: ValidationArguments): string {
    if (value === undefined) {
      return 'is missing, it must be a string';
    }
    return typeof value === 'string'
      ? 'must be valid Unicode: it holds an unpaired surrogate'
      : `must be a string, not ${typeName(value)}`;
  }
}

@ValidatorConstraint({ name: 'isBytes' })
class IsBytesConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return value instanceof BodyBytes;
  }

  defaultMessage({ value, constraints }: ValidationArguments): string {
    return `must be ${String(constraints[0])}, not ${typeName(value)}`;
  }
}

@ValidatorConstraint({ name: 'isBytesList' })
class IsBytesListConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return Array.isArray(value) && value.length > 0 && value.every((element) => element instanceof BodyBytes);
  }

  defaultMessage({ value }: ValidationArguments): string {
    if (value === undefined) {
      return 'is missing, it must be an array of objects';
    }
    if (!Array.isArray(value)) {
      return `must be an array of objects, not ${typeName(value)}`;
    }
    const index = value.findIndex((element) => !(element instanceof BodyBytes));
    return index < 0
      ? 'is empty, it must have an object for each run'
      : `[${index}] must be an object, not ${typeName(value[index])}`;
  }
}

@ValidatorConstraint({ name: 'isRecord' })
class IsRecordConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return isRecord(value);
  }

  defaultMessage({ value }: ValidationArguments): string {
    return `must be an object, not ${typeName(value)}`;
  }
}

@ValidatorConstraint({ name: 'isRecordList' })
class IsRecordListConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return Array.isArray(value) && value.every(isRecord);
  }

  defaultMessage({ value }: ValidationArguments): string {
    if (!Array.isArray(value)) {
      return `must be an array of objects, not ${typeName(value)}`;
    }
    const index = value.findIndex((element) => !isRecord(element));
    return `[${index}] must be an object, not ${typeName(value[index])}`;
  }
}

/** A field that may be left out. `null` is a value, and a wrong one. */
export function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}

/** A string. */
export function IsText(): PropertyDecorator {
  return Validate(IsTextConstraint);
}

/** A JSON object that is not parsed: `BodyBytes` of its text, as the client wrote it. */
export function IsUnparsedObject(): PropertyDecorator {
  return applyDecorators(declareField({ kind: 'json' }), Validate(IsBytesConstraint, ['an object']));
}

/** A list of such objects, of which there is one at least. */
export function IsListOfUnparsedObjects(): PropertyDecorator {
  return applyDecorators(declareField({ kind: 'jsons' }), Validate(IsBytesListConstraint));
}

/** A string that may be large: `BodyBytes` of its UTF-8. */
export function IsLargeText(): PropertyDecorator {
  return applyDecorators(declareField({ kind: 'text' }), Validate(IsBytesConstraint, ['a string']));
}

/** A string of base64: `BodyBytes` of what it encodes. */
export function IsBase64Bytes(): PropertyDecorator {
  return applyDecorators(declareField({ kind: 'base64' }), Validate(IsBytesConstraint, ['a string']));
}

/** An object with the fields of a DTO class. */
export function IsRecordOf(dto: () => Type<object>): PropertyDecorator {
  return applyDecorators(
    declareField({ kind: 'object', dto }),
    Validate(IsRecordConstraint),
    ValidateNested(),
  );
}

/** A list of such objects. */
export function IsListOf(dto: () => Type<object>): PropertyDecorator {
  return applyDecorators(
    declareField({ kind: 'list', dto }),
    Validate(IsRecordListConstraint),
    ValidateNested(),
  );
}
