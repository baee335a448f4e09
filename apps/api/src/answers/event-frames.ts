import { type ExecutionEvent, STREAM_MEDIA_TYPES, type StreamFormat } from '@pycell/contracts';

export type EventType = Exclude<ExecutionEvent['type'], 'end' | 'ping'>;

/** How the events of a stream are told apart. */
export interface EventFrames {
  readonly mediaType: string;
  /** What stands before the members of an event, of which there is at least one, and what stands behind them. */
  open(type: EventType): string;
  readonly close: string;
  /** The last event, which has no members. */
  readonly end: string;
  /** A sign of life. */
  readonly ping: string;
}

const SSE: EventFrames = {
  mediaType: STREAM_MEDIA_TYPES.sse,
  open: (type) => `event: ${type}\ndata: {`,
  close: '}\n\n',
  end: 'event: end\ndata: {}\n\n',
  ping: ': ping\n\n',
};

const NDJSON: EventFrames = {
  mediaType: STREAM_MEDIA_TYPES.ndjson,
  open: (type) => `{"type":"${type}",`,
  close: '}\n',
  end: '{"type":"end"}\n',
  ping: '{"type":"ping"}\n',
};

export const EVENT_FRAMES: Readonly<Record<StreamFormat, EventFrames>> = { sse: SSE, ndjson: NDJSON };
