import { isArtifact, LineSplitter, parseObject, readEventLine, textOf } from '@pycell/api-client';
import { nextTask, SLICE_MS } from '../browser/slices';
import { readFailure, readResult } from './answer-reader';
import type { Cancelled, RunOutcome, Unreachable } from './run-outcome';
import type { RunOutput } from './run-output';

/** An answer that comes while the script runs. */
export interface RunStream {
  readonly apiUrl: string;
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
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
  const events = new EventReader(stream.output);
  try {
    await readEvents(events, stream);
    return events.outcome ?? interrupted(stream, events.fault);
  } catch (error) {
    // AbortError where the user cancelled; else a TypeError, which says little on purpose.
    if (events.outcome) return events.outcome;
    if (stream.signal.aborted) return cancelled(stream);
    return interrupted(stream, error instanceof Error ? error.message : '');
  }
}

async function readEvents(events: EventReader, { body, signal, output }: RunStream): Promise<void> {
  const splitter = new LineSplitter();
  let sliceEnd = performance.now() + SLICE_MS;
  for await (const piece of textOf(body)) {
    for (const line of splitter.push(piece)) {
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
    const type = readEventLine(line)?.type ?? null;
    switch (type) {
      case 'stdout':
      case 'stderr': {
        const text = parseObject(line)?.['text'];
        if (typeof text === 'string') this.output.write(type, text);
        else this.giveUp();
        break;
      }
      case 'artifact': {
        const event = parseObject(line);
        if (event && isArtifact(event)) {
          const { name, mediaType, sizeBytes, base64 } = event;
          this.output.leave({ name, mediaType, sizeBytes, base64 });
        }
        break;
      }
      case 'result':
        this.decide(readResult(line, this.output.received()));
        break;
      case 'error': {
        const event = parseObject(line);
        this.decide(event && readFailure(event, this.output.received()));
        break;
      }
      case 'end':
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

function interrupted({ apiUrl, output }: RunStream, detail: string): Unreachable {
  return { kind: 'unreachable', apiUrl, reason: 'interrupted', detail, received: output.received() };
}

function cancelled({ output }: RunStream): Cancelled {
  return { kind: 'cancelled', received: output.received() };
}
