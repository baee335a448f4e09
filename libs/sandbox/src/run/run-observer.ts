/** The two streams that a script prints to. */
export type OutputStream = 'stdout' | 'stderr';

/**
 * Holds back what a script prints: it waits in its pipe, and then the script does. Its clock runs on, and what waits in the
 * pipe comes when the run ends. Both may be called at any time and as often as one likes.
 */
export interface OutputFlow {
  /** Reads no more of it for now. What had been read before still comes. */
  pause(): void;
  resume(): void;
}

/** Hears of a run while it happens. The buffered answer is one observer. */
export interface RunObserver {
  /** The script has been handed over. Called before any output, and again with another `flow` where the run begins again. */
  onBegin(flow: OutputFlow): void;

  /** The script has printed these bytes; a character may be cut in two between calls. */
  onOutput(stream: OutputStream, bytes: Buffer): void;

  /**
   * The sandbox was lost under the run, through no known fault of the script, so the run could begin again.
   * Returns true when what was heard has been forgotten; false when it was passed on, so that the run must not repeat it.
   */
  onRestart(): boolean;

  /** No process of the run is left, and none of its memory. Called once, at the earliest when the outcome is known. */
  onGone(): void;
}

/** Hears nothing; for runs that the service makes for itself. */
export const NO_OBSERVER: RunObserver = {
  onBegin: () => undefined,
  onOutput: () => undefined,
  onRestart: () => true,
  onGone: () => undefined,
};
