import { lineOf, lineSafe, lineSafeBytes } from '../answers/line-text';
import type { Parcel } from '../answers/outbox';
import { slicesOf } from '../answers/text-slices';
import type { JobEvent, JobOutcome } from './job';
import type { JobExtent } from './job-store';

/** What stands around the data of an event, about. */
const FRAME_BYTES = 64;

/** A sign of life: a comment, which has no number. */
export const PING = ': ping\n\n';

/** Returns events of a job as server-sent events, made while they are sent. @param after the number of the one before the first */
export function eventsParcel(id: string, events: readonly JobEvent[], after: number): Parcel {
  return {
    pieces: eventPieces(id, events, after),
    bytes: events.reduce((sum, event) => sum + sizeOf(event), 0),
  };
}

/** About how many bytes one takes. */
export function sizeOf(event: JobEvent): number {
  return FRAME_BYTES + (event.type === 'start' ? 0 : event.text.length);
}

/**
 * Returns the events that follow from the end of a job, each as a parcel: artifacts, then what became of it, then `end`.
 * @param outcome null of one that was cancelled
 * @param told how many events there were before
 */
export function endParcels(outcome: JobOutcome | null, told: number): readonly Parcel[] {
  let number = told;
  const frame = (type: string, data: Iterable<string | Buffer>, bytes: number): Parcel => ({
    pieces: framed(++number, type, data),
    bytes: bytes + FRAME_BYTES,
  });
  const artifacts = (outcome?.artifacts ?? []).map((artifact) =>
    frame('artifact', textPieces(artifact), artifact.length),
  );
  return [...artifacts, lastOf(outcome, frame), frame('end', ['{}'], 2)];
}

/** Returns the number of the last of them. */
export function lastNumber({ told, artifacts }: JobExtent): number {
  return told + artifacts + 2;
}

function lastOf(
  outcome: JobOutcome | null,
  frame: (type: string, data: Iterable<string | Buffer>, bytes: number) => Parcel,
): Parcel {
  if (outcome === null) {
    return frame('cancelled', ['{}'], 2);
  }
  const { result, facts } = outcome;
  return result === null
    ? frame('error', textPieces(facts), facts.length)
    : frame('result', resultPieces(result, facts), result.length + facts.length);
}

function* eventPieces(id: string, events: readonly JobEvent[], after: number): Iterable<string> {
  for (const [index, event] of events.entries()) {
    const data = event.type === 'start' ? { id } : { text: event.text };
    yield `id: ${after + index + 1}\nevent: ${event.type}\ndata: ${lineOf(data)}\n\n`;
  }
}

function* framed(number: number, type: string, data: Iterable<string | Buffer>): Iterable<string | Buffer> {
  yield `id: ${number}\nevent: ${type}\ndata: `;
  for (const piece of data) {
    yield withoutBreaks(piece);
  }
  yield '\n\n';
}

function* resultPieces(result: Buffer, facts: string): Iterable<string | Buffer> {
  yield '{"result":';
  yield* lineSafeBytes(result);
  yield ',';
  yield* textPieces(facts.slice(1));
}

function* textPieces(json: string): Iterable<string> {
  for (const slice of slicesOf(json)) {
    yield lineSafe(slice);
  }
}

/**
 * JSON has a break between its values only, where a space says the same. What is stored has none; a line that begins with what
 * somebody else has written would be an event of ours.
 */
function withoutBreaks(piece: string | Buffer): string | Buffer {
  if (!piece.includes('\n') && !piece.includes('\r')) {
    return piece;
  }
  return typeof piece === 'string'
    ? piece.replace(/[\r\n]/g, ' ')
    : Buffer.from(piece.map((byte) => (byte === 10 || byte === 13 ? 32 : byte)));
}
