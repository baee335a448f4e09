import { STREAM_MEDIA_TYPES, type StreamFormat } from '@pycell/contracts';
import type { Request } from 'express';

const JSON_TYPE = 'application/json';
const FORMATS = Object.keys(STREAM_MEDIA_TYPES) as readonly StreamFormat[];
const STREAM_TYPES = FORMATS.map((format) => STREAM_MEDIA_TYPES[format]);
/** What names one of them. Nearly no client does: looking for it costs a plain request next to nothing. */
const NAMES_A_STREAM = /event-stream|ndjson/i;

/**
 * Returns the format in which a client wants to hear of an execution while it runs; null for one answer of JSON. A stream
 * must be named: `text/*` and what allows nothing that there is have always been answered by JSON.
 */
export function acceptedStream(request: Request): StreamFormat | null {
  const accepted = preferredOf(request, [JSON_TYPE, ...STREAM_TYPES]);
  return FORMATS.find((format) => STREAM_MEDIA_TYPES[format] === accepted) ?? null;
}

/** Returns whether a client wants a line for each outcome of a batch, rather than one array. */
export function acceptsLines(request: Request): boolean {
  return preferredOf(request, [JSON_TYPE, STREAM_MEDIA_TYPES.ndjson]) === STREAM_MEDIA_TYPES.ndjson;
}

/** Returns the best of the types by the weights that the client gives them; the first where it names none that it can get. */
function preferredOf(request: Request, types: readonly string[]): string | undefined {
  const { accept } = request.headers;
  if (accept === undefined || !NAMES_A_STREAM.test(accept)) {
    return types[0];
  }
  const preferred = request.accepts([...types]);
  return preferred === false ? types[0] : preferred;
}
