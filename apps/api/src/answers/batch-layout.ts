import { STREAM_MEDIA_TYPES } from '@pycell/contracts';

/** How the outcomes of a batch are put together. */
export interface BatchLayout {
  readonly mediaType: string;
  /** Whether they come in the order of the inputs, or in that in which they end. */
  readonly isInOrder: boolean;
  readonly start: string;
  /** Before the first of them, and before each of the others. */
  readonly beforeFirst: string;
  readonly before: string;
  /** Behind each of them. */
  readonly after: string;
  readonly end: string;
  /** A sign of life between two of them. */
  readonly ping: string;
}

/** A line for each outcome, as soon as it is there. */
export const LINES: BatchLayout = {
  mediaType: STREAM_MEDIA_TYPES.ndjson,
  isInOrder: false,
  start: '',
  beforeFirst: '',
  before: '',
  after: '\n',
  end: '',
  ping: '{"type":"ping"}\n',
};

/** One JSON array. Between its elements white space is a sign of life that no reader sees. */
export const ARRAY: BatchLayout = {
  mediaType: 'application/json',
  isInOrder: true,
  start: '[',
  beforeFirst: '\n',
  before: ',\n',
  after: '',
  end: '\n]\n',
  ping: '\n',
};
