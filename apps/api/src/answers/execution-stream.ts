import type {
  ExecutionFailure,
  ExecutionListener,
  HeardExecution,
  OutputFlow,
  OutputStream,
  RunArtifact,
} from '@pycell/sandbox';
import type { Response } from 'express';
import type { OpenResponses } from '../shutdown/open-responses';
import { artifactFacts } from './artifacts';
import type { EventFrames, EventType } from './event-frames';
import { beginGradually } from './gradual-headers';
import { base64Pieces, lineOf, lineSafe, lineSafeBytes } from './line-text';
import { around, Outbox, type Parcel } from './outbox';

/** While more than this waits for the client, the script is held back. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** From here on it goes on. */
const LOW_WATER_BYTES = 256 * 1024;

/** Up to here a result is sent in one piece. */
const SMALL_BYTES = 16 * 1024;
/** Base64 takes 4 bytes for 3. */
const BASE64_FACTOR = 4 / 3;

/** The answer to an execution that is told event by event. Nothing of it is sent before the script has been handed over. */
export class ExecutionStream implements ExecutionListener {
  private outbox: Outbox | null = null;
  /** Null before the script runs, and afterwards. */
  private flow: OutputFlow | null = null;
  private isPaused = false;

  constructor(
    private readonly frames: EventFrames,
    private readonly response: Response,
    private readonly responses: OpenResponses,
  ) {}

  /** Whether status and headers have gone out. */
  get hasStarted(): boolean {
    return this.outbox !== null;
  }

  onStart(id: string, flow: OutputFlow): void {
    beginGradually(this.response, this.frames.mediaType);
    this.outbox = new Outbox(this.response, this.frames.ping, () => this.onTaken());
    this.flow = flow;
    this.responses.follow(this.response, this.outbox);
    this.outbox.write(this.event('start', { id }));
  }

  onOutput(stream: OutputStream, text: string): void {
    if (!this.outbox || text === '') {
      return;
    }
    this.outbox.write(this.event(stream, { text }));
    if (!this.isPaused && this.outbox.waitingBytes > HIGH_WATER_BYTES) {
      this.isPaused = true;
      this.flow?.pause();
    }
  }

  /** Tells the result, and ends. */
  succeed({ resultJson, artifacts, execution }: HeardExecution): void {
    const start = `${this.frames.open('result')}"result":`;
    const rest = `,${lineOf({ execution }).slice(1, -1)}${this.frames.close}`;
    this.end(
      artifacts,
      resultJson.length <= SMALL_BYTES
        ? `${start}${lineSafe(resultJson.toString('utf8'))}${rest}`
        : { pieces: around(start, lineSafeBytes(resultJson), rest), bytes: resultJson.length },
    );
  }

  /** Tells why there is none, and ends. @param body that of the error's answer, without what was told before */
  fail({ facts }: ExecutionFailure, body: object): void {
    this.end(facts.artifacts ?? [], this.event('error', body));
  }

  private end(artifacts: readonly RunArtifact[], last: string | Parcel): void {
    const { outbox } = this;
    // It leads to the run, of which a slow reader needs nothing more.
    this.flow = null;
    for (const artifact of artifacts) {
      outbox?.add({
        pieces: this.artifactPieces(artifact),
        bytes: Math.ceil(artifact.bytes.length * BASE64_FACTOR),
      });
    }
    if (typeof last === 'string') {
      outbox?.write(`${last}${this.frames.end}`);
    } else {
      outbox?.add(last);
      outbox?.write(this.frames.end);
    }
    outbox?.end();
  }

  private onTaken(): void {
    if (this.isPaused && this.outbox && this.outbox.waitingBytes < LOW_WATER_BYTES) {
      this.isPaused = false;
      this.flow?.resume();
    }
  }

  /** @param fields an object that has members */
  private event(type: EventType, fields: object): string {
    return `${this.frames.open(type)}${lineOf(fields).slice(1, -1)}${this.frames.close}`;
  }

  private artifactPieces(artifact: RunArtifact): Iterable<string | Buffer> {
    const facts = lineOf(artifactFacts(artifact)).slice(1, -1);
    return around(
      `${this.frames.open('artifact')}${facts},"base64":"`,
      base64Pieces(artifact.bytes),
      `"${this.frames.close}`,
    );
  }
}
