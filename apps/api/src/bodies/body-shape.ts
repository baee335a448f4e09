import type { Type } from '@nestjs/common';
import { getMetadataStorage, ValidationTypes } from 'class-validator';

/** What is made of a field's JSON: a value, bytes of one of three kinds, a list of such bytes, an object, or a list of objects. */
export type FieldKind =
  | { readonly kind: 'value' | 'json' | 'jsons' | 'text' | 'base64' }
  | { readonly kind: 'object' | 'list'; readonly dto: () => Type<object> };

export type FieldShape = FieldKind & { readonly isRequired: boolean };

/** The fields of a DTO class. */
export type BodyShape = ReadonlyMap<string, FieldShape>;

/** What decorators say of the fields of each class that are no plain values. */
const DECLARED = new Map<unknown, Map<string | symbol, FieldKind>>();
const SHAPES = new Map<Type<object>, BodyShape>();

/** For decorators: says what a field is. */
export function declareField(kind: FieldKind): PropertyDecorator {
  return ({ constructor }, name) => {
    const fields = DECLARED.get(constructor) ?? new Map<string | symbol, FieldKind>();
    DECLARED.set(constructor, fields.set(name, kind));
  };
}

/** Returns the fields for which a DTO class has rules. */
export function shapeOf(dto: Type<object>): BodyShape {
  const known = SHAPES.get(dto);
  if (known) {
    return known;
  }
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const optional = new Set(
    rules
      .filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION)
      .map(({ propertyName }) => propertyName),
  );
  const shape = new Map(
    rules.map(({ propertyName: name }): [string, FieldShape] => [
      name,
      { ...(declaredOf(dto, name) ?? { kind: 'value' }), isRequired: !optional.has(name) },
    ]),
  );
  SHAPES.set(dto, shape);
  return shape;
}

/** What a class, or one that it extends, says of a field. */
function declaredOf(dto: object | null, name: string): FieldKind | undefined {
  return dto === null
    ? undefined
    : (DECLARED.get(dto)?.get(name) ?? declaredOf(Object.getPrototypeOf(dto) as object | null, name));
}
