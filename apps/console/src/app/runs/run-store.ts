import { computed, inject, Injectable, signal } from '@angular/core';
import { ApiClient } from '../api/api-client';
import type { Failed, RunOutcome } from '../api/run-outcome';

/** Where the console is between two runs. Times are milliseconds since the epoch. */
export type RunState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly script: string; readonly startedAt: number }
  | ({ readonly kind: 'finished' } & FinishedRun);

export interface FinishedRun {
  readonly script: string;
  readonly startedAt: number;
  /** Wall time as the person saw it, network included, milliseconds. */
  readonly elapsedMs: number;
  readonly outcome: RunOutcome;
}

/** What is shown beside the script. */
export interface ShownOutcome {
  readonly outcome: RunOutcome;
  /** The run that it came from; null where that is not known: the outcome was restored. */
  readonly run: FinishedRun | null;
}

/** How often the elapsed time is told while a script runs. */
const TICK_MS = 100;

/** Runs one script at a time. */
@Injectable({ providedIn: 'root' })
export class RunStore {
  private readonly client = inject(ApiClient);
  private readonly current = signal<RunState>({ kind: 'idle' });
  private readonly latest = signal<ShownOutcome | null>(null);
  private readonly elapsed = signal(0);
  private running: AbortController | null = null;
  /** The run whose outcome is still wanted beside the script. */
  private wanted: AbortController | null = null;

  readonly state = this.current.asReadonly();
  readonly isRunning = computed(() => this.current().kind === 'running');
  /** What is shown: the outcome of the latest run, which stays while the next one goes on, or an earlier one. */
  readonly shown = this.latest.asReadonly();
  readonly outcome = computed(() => this.latest()?.outcome ?? null);
  /** Of the current or latest run, milliseconds; told in steps while it runs. */
  readonly elapsedMs = this.elapsed.asReadonly();

  /** @returns the outcome; null when another script runs already, which then goes on */
  async run(script: string): Promise<RunOutcome | null> {
    if (this.running) return null;
    const controller = new AbortController();
    this.running = controller;
    this.wanted = controller;
    const startedAt = Date.now();
    const since = performance.now();
    this.elapsed.set(0);
    this.current.set({ kind: 'running', script, startedAt });
    const ticking = setInterval(() => this.elapsed.set(performance.now() - since), TICK_MS);
    try {
      const outcome = await this.client.execute(script, controller.signal);
      const elapsedMs = performance.now() - since;
      this.elapsed.set(elapsedMs);
      const run = { script, startedAt, elapsedMs, outcome };
      if (this.wanted === controller) this.latest.set({ outcome, run });
      this.current.set({ kind: 'finished', ...run });
      return outcome;
    } finally {
      clearInterval(ticking);
      this.running = null;
    }
  }

  /** Tells what came of a script that need not be sent. Another one that runs goes on, and nothing is told. */
  refuse(script: string, outcome: Failed): void {
    if (this.running) return;
    this.elapsed.set(0);
    const run = { script, startedAt: Date.now(), elapsedMs: 0, outcome };
    this.latest.set({ outcome, run });
    this.current.set({ kind: 'finished', ...run });
  }

  /** Gives up the script that runs, if any. */
  cancel(): void {
    this.running?.abort();
  }

  /**
   * Another script has come into the editor: shows what came of that one, if anything. A run that goes on belongs to the
   * script before, and is given up; its end is told and kept, and never shown beside the other script.
   */
  show(outcome: RunOutcome | null, run: FinishedRun | null = null): void {
    this.cancel();
    this.wanted = null;
    this.latest.set(outcome && { outcome, run });
  }
}
