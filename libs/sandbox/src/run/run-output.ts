import type { RunStatus } from './outcome';
import type { OutputFlow, OutputStream, RunObserver } from './run-observer';

/** What a script printed, as text. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** The observer of a run that somebody wants an answer of; `Told` is what of the output goes into the answer. */
export abstract class RunOutput<Told extends Partial<Printed>> implements RunObserver {
  /** Settles when no process of the run is left. Until then it may still hold its memory. Never rejects. */
  readonly gone: Promise<void>;
  /** Called with the settling of `gone`. */
  readonly onGone: () => void;

  constructor() {
    let settle!: () => void;
    this.gone = new Promise((resolve) => (settle = resolve));
    this.onGone = settle;
  }

  abstract onBegin(flow: OutputFlow): void;
  abstract onOutput(stream: OutputStream, bytes: Buffer): void;
  abstract onRestart(): boolean;

  /** The run has ended so, and no more of its output comes. Called once. */
  abstract conclude(status: RunStatus): Told;
}
