import { findMember } from '../json/json-member';
import type { ServerSentEvent } from './event-stream';

/**
 * One event of a stream of NDJSON: its `type`, and the line, which is its data. Only the type is parsed: a result is never.
 *
 * @returns null where the line is no event
 */
export function readEventLine(line: string): ServerSentEvent | null {
  const span = findMember(line, 'type');
  const type = span && /^"([^"\\]+)"$/.exec(line.slice(span.start, span.end))?.[1];
  return type ? { type, data: line } : null;
}
