import { afterLoopTime, type LoopTimer } from '../waiting/loop-time';

/** How often a sign of life is asked for. Milliseconds. */
const ASK_MS = 250;
/** How many questions in a row may stay unanswered: 2 s of time in which this process listened. */
const MAX_UNANSWERED = 8;

/** Whom a watchdog watches. */
export interface Watched {
  /** Asks for a sign of life; any will do. */
  ask(): void;
  /** It gave none. Called once. */
  onSilent(): void;
}

/**
 * Asks for signs of life while somebody demands them, and says when none come. It judges by time in which this process
 * itself ran (`afterLoopTime`): its own standstill is never taken for the silence of the other side.
 */
export class Watchdog {
  private demands = 0;
  private unanswered = 0;
  private timer: LoopTimer | null = null;

  constructor(private readonly watched: Watched) {}

  /** It has said something. */
  heard(): void {
    this.unanswered = 0;
  }

  /** Has signs of life asked for until the returned function is called. */
  demand(): () => void {
    this.demands++;
    if (!this.timer) {
      this.unanswered = 0;
      this.askAndWait();
    }
    let holds = true;
    return () => {
      if (holds) {
        holds = false;
        this.demands--;
        if (this.demands === 0) {
          this.stop();
        }
      }
    };
  }

  /** Asks no more. */
  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private askAndWait(): void {
    this.unanswered++;
    this.watched.ask();
    this.timer = afterLoopTime(ASK_MS, () => {
      if (this.unanswered >= MAX_UNANSWERED) {
        this.stop();
        this.watched.onSilent();
      } else {
        this.askAndWait();
      }
    });
  }
}
