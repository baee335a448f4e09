import { StringDecoder } from 'node:string_decoder';
import { GrowingBytes } from './growing-bytes';
import type { RunStatus } from './outcome';
import type { OutputStream, RunObserver } from './run-observer';

/** The observer of an answer that is sent as a whole: keeps what is printed until the run has ended. */
export class BufferedOutput implements RunObserver {
  /** Settles when no process of the run is left. Until then it may still hold its memory. Never rejects. */
  readonly gone: Promise<void>;
  /** Called with the settling of `gone`. */
  readonly onGone: () => void;
  private streams = emptyStreams();

  constructor() {
    let settle!: () => void;
    this.gone = new Promise((resolve) => (settle = resolve));
    this.onGone = settle;
  }

  onOutput(stream: OutputStream, bytes: Buffer): void {
    this.streams[stream].append(bytes);
  }

  onRestart(): boolean {
    this.streams = emptyStreams();
    return true;
  }

  /** Returns a stream as text. Invalid bytes become U+FFFD; a character that the output limit cut in two is dropped. */
  text(stream: OutputStream, status: RunStatus): string {
    const bytes = this.streams[stream].view();
    return status === 'OUTPUT_LIMIT' ? new StringDecoder('utf8').write(bytes) : bytes.toString('utf8');
  }
}

function emptyStreams(): Record<OutputStream, GrowingBytes> {
  return { stdout: new GrowingBytes(), stderr: new GrowingBytes() };
}
