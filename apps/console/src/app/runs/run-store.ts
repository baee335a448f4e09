import { computed, inject, Injectable, type Signal, signal } from '@angular/core';
import { ApiClient } from '../api/api-client';
import { isAboutKey, type RunOutcome } from '../api/run-outcome';
import { RunOutput } from '../api/run-output';
import type { RunRequest } from '../api/run-request';
import { KeyPrompt } from '../keys/key-prompt';
import type { RunSetup } from '../script/run-setup';

/** The run in progress, or the latest one. Times are milliseconds since the epoch. */
export type RunState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly script: string; readonly startedAt: number }
  | ({ readonly kind: 'finished' } & FinishedRun);

export interface FinishedRun {
  readonly script: string;
  /** What it was run with. */
  readonly setup: RunSetup;
  readonly startedAt: number;
  /** Wall time as the user saw it, network included, milliseconds. */
  readonly elapsedMs: number;
  readonly outcome: RunOutcome;
  /** Tries again; absent where that is to run what is in the editor. */
  readonly again?: () => void;
}

/** A script that was not run, and why. */
export type RefusedRun = Omit<FinishedRun, 'startedAt' | 'elapsedMs'>;

/** What is shown beside the script. */
export interface ShownOutcome {
  readonly outcome: RunOutcome;
  /** The run that it came from; null where that is not known: the outcome was restored. */
  readonly run: FinishedRun | null;
}

/** A run that goes on without this page, in the background, and is looked at. */
export interface WatchedRun {
  readonly output: RunOutput;
  /** Since its script was handed over, milliseconds; null while it waits for its turn. */
  readonly elapsedMs: Signal<number | null>;
}

/** How often the elapsed time is updated while a script runs. */
const TICK_MS = 100;

/** Runs one script at a time. */
@Injectable({ providedIn: 'root' })
export class RunStore {
  private readonly client = inject(ApiClient);
  private readonly prompt = inject(KeyPrompt);
  private readonly current = signal<RunState>({ kind: 'idle' });
  private readonly latest = signal<ShownOutcome | null>(null);
  private readonly coming = signal<RunOutput | null>(null);
  private readonly elapsed = signal(0);
  private readonly looked = signal<WatchedRun | null>(null);
  private readonly ended = signal<ShownOutcome | null>(null);
  private running: AbortController | null = null;
  /** The run whose outcome is still wanted beside the script. */
  private wanted: AbortController | null = null;

  readonly state = this.current.asReadonly();
  readonly isRunning = computed(() => this.current().kind === 'running');
  /** What the run in progress has printed so far; null where there is none, or another script has been loaded since. */
  readonly output = this.coming.asReadonly();
  /** What is shown: the outcome of the latest run, which stays while the next one goes on, or an earlier one. */
  readonly shown = this.latest.asReadonly();
  readonly outcome = computed(() => this.latest()?.outcome ?? null);
  /** The run in the background whose output is shown instead; null where none is. */
  readonly watched = this.looked.asReadonly();
  /** What came of the latest run that was watched to its end. */
  readonly watchedEnd = this.ended.asReadonly();
  /** Of the current or latest run, milliseconds; updated in steps while it runs. */
  readonly elapsedMs = this.elapsed.asReadonly();

  /**
   * @param setup what the request was made of, beside the script
   * @returns the outcome; null when another script is already running, which continues
   */
  async run(request: RunRequest, setup: RunSetup): Promise<RunOutcome | null> {
    if (this.running) return null;
    const { script } = request;
    const controller = new AbortController();
    this.running = controller;
    this.wanted = controller;
    this.looked.set(null);
    let startedAt = Date.now();
    let since = performance.now();
    this.elapsed.set(0);
    const output = new RunOutput();
    this.coming.set(output);
    this.current.set({ kind: 'running', script, startedAt });
    const ticking = setInterval(() => {
      // Nothing runs while the user is asked for a key.
      this.elapsed.set(this.prompt.asked() === null ? performance.now() - since : 0);
    }, TICK_MS);
    try {
      let outcome = await this.client.execute(request, controller.signal, output);
      let elapsedMs = performance.now() - since;
      // Until the user has answered, what an earlier run has left stays as it is.
      while (isAboutKey(outcome) && (await this.prompt.ask(controller.signal))) {
        startedAt = Date.now();
        since = performance.now();
        outcome = await this.client.execute(request, controller.signal, output);
        elapsedMs = performance.now() - since;
      }
      this.elapsed.set(elapsedMs);
      const run = { script, setup, startedAt, elapsedMs, outcome };
      if (this.wanted === controller) this.latest.set({ outcome, run });
      this.current.set({ kind: 'finished', ...run });
      this.coming.set(null);
      return outcome;
    } finally {
      clearInterval(ticking);
      this.running = null;
    }
  }

  /** Shows the outcome of a script that was not run. Has no effect while another script is running. */
  refuse(refused: RefusedRun): void {
    if (this.running) return;
    this.looked.set(null);
    this.elapsed.set(0);
    const run = { ...refused, startedAt: Date.now(), elapsedMs: 0 };
    this.latest.set({ outcome: refused.outcome, run });
    this.current.set({ kind: 'finished', ...run });
  }

  /** Cancels the run in progress, if any. */
  cancel(): void {
    this.running?.abort();
  }

  /**
   * Another script has been loaded into the editor: shows the outcome of that one, if any. A run in progress belongs to
   * the previous script and is cancelled; its end is recorded, and never shown beside the other script.
   */
  show(outcome: RunOutcome | null, run: FinishedRun | null = null): void {
    this.cancel();
    this.wanted = null;
    this.coming.set(null);
    this.looked.set(null);
    this.latest.set(outcome && { outcome, run });
  }

  /** Shows what a run in the background prints, whose script has been loaded into the editor. */
  watch(run: WatchedRun): void {
    this.show(null);
    this.looked.set(run);
  }

  /** What is watched has ended: shows what came of it. Has no effect when something else is shown meanwhile. */
  endWatched(watched: WatchedRun, outcome: RunOutcome, run: FinishedRun): void {
    if (this.looked() !== watched) return;
    this.show(outcome, run);
    this.ended.set({ outcome, run });
  }
}
