import { StringDecoder } from 'node:string_decoder';
import { GrowingBytes } from './growing-bytes';
import type { RunStatus } from './outcome';
import type { OutputStream } from './run-observer';
import { type Printed, RunOutput } from './run-output';

/** The observer of an answer that is sent as a whole: keeps what is printed until the run has ended. */
export class BufferedOutput extends RunOutput<Printed> {
  private streams = emptyStreams();

  onBegin(): void {
    // Output that is kept is never held back: what it may be at most, the supervisor knows.
  }

  onOutput(stream: OutputStream, bytes: Buffer): void {
    this.streams[stream].append(bytes);
  }

  onRestart(): boolean {
    this.streams = emptyStreams();
    return true;
  }

  conclude(status: RunStatus): Printed {
    return { stdout: this.text('stdout', status), stderr: this.text('stderr', status) };
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
