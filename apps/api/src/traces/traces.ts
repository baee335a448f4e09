import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { RequestHandler } from 'express';

/** How long the last traces may take to be delivered when the service ends. */
const LAST_TRACES_MS = 2_000;

/** What records requests, where traces are wanted and OpenTelemetry is there. */
export interface TraceRecorder {
  readonly record: RequestHandler;
  /** Delivers what waits. */
  shutdown(): Promise<void>;
}

/** Whether requests are recorded, and by what. */
@Injectable()
export class Traces implements OnApplicationShutdown {
  constructor(
    private readonly isWanted: boolean,
    private readonly recorder: TraceRecorder | null,
  ) {}

  /** The station of a request at which its trace begins; null where nothing is recorded. */
  get record(): RequestHandler | null {
    return this.recorder?.record ?? null;
  }

  /** Whether traces are wanted, and nobody has loaded OpenTelemetry. */
  get areMissing(): boolean {
    return this.isWanted && this.recorder === null;
  }

  /** After the last answer. A collector that does not take the traces must not hold up the end. */
  async onApplicationShutdown(): Promise<void> {
    if (!this.recorder) {
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_TRACES_MS);
    });
    // What cannot be delivered has been told of in the log.
    await Promise.race([this.recorder.shutdown().catch(() => undefined), timeout]);
    clearTimeout(timer);
  }
}
