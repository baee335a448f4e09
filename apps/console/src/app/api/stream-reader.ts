import { nextTask, SLICE_MS } from '../browser/slices';
import { isArtifact, parseObject, readErrorEvent, readResult } from './answer-reader';
import { findMember } from './json-member';
import { LineSplitter } from './line-splitter';
import type { Cancelled, RunOutcome, Unreachable } from './run-outcome';
import type { RunOutput } from './run-output';

/** An answer that comes while the script runs. */
export interface RunStream {
  readonly apiUrl: string;
  readonly body: ReadableStream<Uint8Array>;
  /** Where what comes goes to. */
  readonly output: RunOutput;
  /** The user has cancelled. */
  readonly signal: AbortSignal;
}

/**
 * Reads an answer of NDJSON to its event `end`. A stream that ends without it was interrupted, and what had come is kept. A
 * `result` or `error` that has come whole stays what it is: nothing that follows could change it.
 */
export async function readRunStream(stream: RunStream): Promise<RunOutcome> {
  const reader = stream.body.getReader();
  const events = new EventReader(stream.output);
  try {
    await readEvents(reader, events, stream);
    // A fault of somebody on the way: what else comes from there is not wanted.
    void leave(reader);
    return events.outcome ?? interrupted(stream, events.fault);
  } catch (error) {
    // AbortError where the user cancelled; else a TypeError, which says little on purpose.
    if (events.outcome) return events.outcome;
    if (stream.signal.aborted) return cancelled(stream);
    return interrupted(stream, error instanceof Error ? error.message : '');
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function readEvents(reader: Reader, events: EventReader, { signal, output }: RunStream): Promise<void> {
  const decoder = new TextDecoder();
  const splitter = new LineSplitter();
  let sliceEnd = performance.now() + SLICE_MS;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const line of splitter.push(decoder.decode(value, { stream: true }))) {
      events.take(line);
      if (events.isOver) return;
      // A fast script must not keep the page from drawing what it prints, nor from cancelling it.
      if (performance.now() > sliceEnd) {
        output.tell();
        await nextTask();
        signal.throwIfAborted();
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
    output.tell();
  }
}

/** The connection serves again when the end of the answer has been read, which has mostly come with its last event. */
async function leave(reader: Reader): Promise<void> {
  try {
    const { done } = await reader.read();
    if (!done) await reader.cancel();
  } catch {
    // A TypeError or AbortError: the connection is gone already.
  }
}

/** Follows the events of one answer. */
class EventReader {
  outcome: RunOutcome | null = null;
  /** Why the answer is none of pycell's; empty where it is. */
  fault = '';
  /** Nothing more is to come. */
  isOver = false;

  constructor(private readonly output: RunOutput) {}

  take(line: string): void {
    if (line === '') return;
    const type = typeOf(line);
    switch (type) {
      case '"stdout"':
      case '"stderr"': {
        const text = parseObject(line)?.['text'];
        if (typeof text === 'string') this.output.write(type === '"stdout"' ? 'stdout' : 'stderr', text);
        else this.giveUp();
        break;
      }
      case '"artifact"': {
        const event = parseObject(line);
        if (event && isArtifact(event)) {
          const { name, mediaType, sizeBytes, base64 } = event;
          this.output.leave({ name, mediaType, sizeBytes, base64 });
        }
        break;
      }
      case '"result"':
        this.decide(readResult(line, this.output.received()));
        break;
      case '"error"': {
        const event = parseObject(line);
        this.decide(event && readErrorEvent(event, this.output.received()));
        break;
      }
      case '"end"':
        this.isOver = true;
        break;
      case null:
        this.giveUp();
        break;
      default:
      // `start`, `ping`, and what a newer service may have to say.
    }
  }

  private decide(outcome: RunOutcome | null): void {
    if (outcome) this.outcome ??= outcome;
    else this.giveUp();
  }

  private giveUp(): void {
    this.isOver = true;
    this.fault = 'The answer is not what pycell sends.';
  }
}

/** The JSON text of an event's type; null where the line is no event. Not parsed: a result is never. */
function typeOf(line: string): string | null {
  const span = findMember(line, 'type');
  return span && line.slice(span.start, span.end);
}

function interrupted({ apiUrl, output }: RunStream, detail: string): Unreachable {
  return { kind: 'unreachable', apiUrl, reason: 'interrupted', detail, received: output.received() };
}

function cancelled({ output }: RunStream): Cancelled {
  return { kind: 'cancelled', received: output.received() };
}
