import type { DiagLogger } from '@opentelemetry/api';
import { Logger } from '@nestjs/common';

/** A collector that is down is told of so often, and not with every batch that is lost. */
const TELL_INTERVAL_MS = 60_000;
const MAX_CAUSE_CHARACTERS = 200;

/**
 * Says in the service's log that traces are lost. OpenTelemetry's own words may hold the value of a header or an answer of
 * the collector: of an error only its message and its code are taken, of a warning only that spans were dropped.
 */
export class DeliveryLog implements DiagLogger {
  private readonly logger = new Logger('Traces');
  private toldAtMs = -Infinity;
  private untold = 0;

  error(words: string): void {
    this.tell(causeOf(words));
  }

  warn(words: string): void {
    const dropped = /^Dropped \d+ spans/.exec(words);
    if (dropped) {
      this.tell(`${dropped[0]}: more than OTEL_BSP_MAX_QUEUE_SIZE were waiting`);
    }
  }

  info(): void {
    // Attempts that are repeated are told of when they are given up.
  }

  debug(): void {
    // Holds whole spans.
  }

  verbose(): void {
    // As debug.
  }

  private tell(cause: string): void {
    this.untold++;
    const now = performance.now();
    if (now - this.toldAtMs >= TELL_INTERVAL_MS) {
      this.logger.warn({ msg: 'traces lost', times: this.untold, cause });
      this.toldAtMs = now;
      this.untold = 0;
    }
  }
}

/** OpenTelemetry tells an error as JSON of its properties. */
function causeOf(words: string): string {
  try {
    const { message, code } = JSON.parse(words) as { message?: unknown; code?: unknown };
    const parts = [message, code].filter((part) => typeof part === 'string' || typeof part === 'number');
    return parts.join(', ').slice(0, MAX_CAUSE_CHARACTERS) || 'unknown';
  } catch {
    // A sentence of its own, which may repeat a setting.
    return 'a setting that OpenTelemetry does not accept';
  }
}
