import type { Caller } from './caller';

/** Who sends one call after another comes again within a millisecond or two, more on a busy machine. */
const KEPT_MS = 5;

/**
 * Keeps a place for a moment for the caller that has just given back its only one, while others that have some wait for
 * more and may have it. Without it they would have it before the next call of that caller comes, and each of its calls
 * would run beside as many others as there are processors.
 */
export class KeptPlace {
  private caller: Caller | null = null;
  private timer: NodeJS.Timeout | null = null;

  /** @param onOver is called when a place is kept no longer and the caller has not come */
  constructor(private readonly onOver: () => void) {}

  get isKept(): boolean {
    return this.caller !== null;
  }

  /** Keeps it for this caller, and no longer for another. */
  keepFor(caller: Caller): void {
    this.caller = caller;
    this.timer = this.timer?.refresh() ?? setTimeout(() => this.end(), KEPT_MS).unref();
  }

  /** To be told when a caller has a place. */
  noteAdmission(caller: Caller): void {
    if (this.caller === caller) {
      this.caller = null;
    }
  }

  private end(): void {
    if (this.caller) {
      this.caller = null;
      this.onOver();
    }
  }
}
