import type { Type } from '@nestjs/common';
import { countStructure } from '@pycell/sandbox';
import { MAX_STRUCTURE, notJson } from './body-failures';
import type { ScannedBody } from './scanned-body';
import { type BodyShape, shapeOf } from './body-shape';

/** Larger bodies are read in slices. */
export const PLAIN_BYTES = 64 * 1024;

/** Of a body without a byte: no JSON value. */
const NOTHING: ScannedBody = { value: undefined, tooLong: null };

/**
 * Reads a small body that has none but small fields by `JSON.parse`, which is the fastest there is. Returns null for any
 * other, which is left to the scanner: one that has a large part, a list or an object that no field is
 * for, or a member twice.
 * @param body JSON in UTF-8, without a byte order mark
 * @throws RequestFailure
 */
export function readPlainBody(body: Buffer, dto: Type<object>): ScannedBody | null {
  if (body.length === 0) {
    return NOTHING;
  }
  const structure = countStructure(body, MAX_STRUCTURE);
  if (structure > MAX_STRUCTURE) {
    return null;
  }
  const value = parse(body.toString('utf8'));
  return structure === structureOf(value, shapeOf(dto)) ? { value, tooLong: null } : null;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw notJson((error as SyntaxError).message);
  }
}

/** Returns how much structure a value shows that is read whole; null where it is not. */
function structureOf(value: unknown, shape: BodyShape): number | null {
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  if (Array.isArray(value)) {
    return null;
  }
  const names = Object.keys(value);
  let structure = Math.max(1, names.length);
  for (const name of names) {
    const field = shape.get(name);
    const member = (value as Record<string, unknown>)[name];
    if (field && field.kind !== 'value' && field.kind !== 'object') {
      return null;
    }
    if (typeof member === 'object' && member !== null) {
      const inner = field?.kind === 'object' ? structureOf(member, shapeOf(field.dto())) : null;
      if (inner === null) {
        return null;
      }
      structure += inner;
    }
  }
  return structure;
}
