import { RefusalPace } from './refusal-pace';

const TELL_INTERVAL_MS = 1_000;

/**
 * Refusals of one kind: sent at the pace of `RefusalPace`, and told to the log in one line for all of a second. A flood of
 * requests must be no flood in the log.
 */
export class PacedRefusals {
  private readonly pace = new RefusalPace();
  private untold = 0;
  private timer: NodeJS.Timeout | null = null;

  /** @param tell writes the line of so many refusals, more than none */
  constructor(private readonly tell: (count: number) => void) {}

  /** Counts a refusal, and has it sent: now, or within a quarter of a second where its caller is refused often. */
  take(caller: string, send: () => void): void {
    this.untold++;
    this.timer ??= setTimeout(() => this.tellAll(), TELL_INTERVAL_MS).unref();
    this.pace.take(caller, send);
  }

  /** Sends what is held back and tells what is untold, for a service that ends. */
  flush(): void {
    this.pace.begin();
    if (this.timer) {
      clearTimeout(this.timer);
      this.tellAll();
    }
  }

  private tellAll(): void {
    const count = this.untold;
    this.timer = null;
    this.untold = 0;
    this.tell(count);
  }
}
