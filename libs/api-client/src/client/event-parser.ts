import { faultyAnswer } from '../errors/error-of';
import { MEDIA_TYPES } from '../http/paths';
import { readEventLine } from '../streams/event-line';
import { EventStream, type ServerSentEvent } from '../streams/event-stream';
import { LineSplitter } from '../streams/line-splitter';

/** How events are written: a line of JSON for each, or server-sent events. */
export type StreamFormat = 'ndjson' | 'sse';

/** Makes events of a text that comes in pieces. */
interface EventParser {
  /** @returns the events that this piece completes */
  push(piece: string): Iterable<ServerSentEvent>;
}

export const ACCEPTED: Readonly<Record<StreamFormat, string>> = {
  ndjson: MEDIA_TYPES.ndjson,
  sse: MEDIA_TYPES.sse,
};

export function parserOf(format: StreamFormat): EventParser {
  return format === 'sse' ? new EventStream() : new EventLines();
}

class EventLines implements EventParser {
  private readonly lines = new LineSplitter();

  *push(piece: string): Generator<ServerSentEvent> {
    for (const line of this.lines.push(piece)) {
      if (line !== '') {
        const event = readEventLine(line);
        if (!event) {
          throw faultyAnswer('A line of the stream');
        }
        yield event;
      }
    }
  }
}
