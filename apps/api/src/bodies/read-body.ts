import { isUtf8 } from 'node:buffer';
import type { Type } from '@nestjs/common';
import { notUtf8 } from './body-failures';
import { BodyScanner } from './body-scanner';
import type { ScannedBody } from './scanned-body';
import { PLAIN_BYTES, readPlainBody } from './plain-body';
import type { ScanLimits } from './scan-limits';
import { atOnceOrInSlices, inSlices, SLICE_BYTES } from './slices';
import { isUtf8InSlices } from './utf8';

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/**
 * Reads what a body says, by the fields of a DTO class; nothing is validated but what bytes are made of. A small and
 * plain body is read at once. The body's bytes are changed by it.
 * @param goOn called between its slices; what it throws ends the work
 * @throws RequestFailure
 */
export function readBody(
  body: Buffer,
  dto: Type<object>,
  limits: ScanLimits,
  goOn: () => void,
): ScannedBody | Promise<ScannedBody> {
  if (body.length > PLAIN_BYTES) {
    return scanBody(body, dto, limits, goOn);
  }
  if (!isUtf8(body)) {
    throw notUtf8();
  }
  const json = withoutMark(body);
  return readPlainBody(json, dto) ?? atOnceOrInSlices(new BodyScanner(json, limits).scan(dto), goOn);
}

async function scanBody(
  body: Buffer,
  dto: Type<object>,
  limits: ScanLimits,
  goOn: () => void,
): Promise<ScannedBody> {
  if (!(await inSlices(isUtf8InSlices(body, SLICE_BYTES), goOn))) {
    throw notUtf8();
  }
  return inSlices(new BodyScanner(withoutMark(body), limits).scan(dto), goOn);
}

function withoutMark(body: Buffer): Buffer {
  const { length } = BYTE_ORDER_MARK;
  return body[0] === BYTE_ORDER_MARK[0] && body.subarray(0, length).equals(BYTE_ORDER_MARK)
    ? body.subarray(length)
    : body;
}
