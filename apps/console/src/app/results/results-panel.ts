import { NgTemplateOutlet } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  signal,
  untracked,
} from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import type { RunOutput } from '../api/run-output';
import { type FinishedRun, RunStore } from '../runs/run-store';
import { SetupStore } from '../script/setup-store';
import { runChords } from '../settings/run-keys';
import { SettingsStore } from '../settings/settings-store';
import { OutcomeView } from './outcome-view';

/** Most runs end sooner than that: progress is shown only after this time, milliseconds. */
const SHOW_AFTER_MS = 120;

/** Of the window's height: a result that begins below that is likely to be missed. Happens on phones only. */
const LOWEST_BEGINNING = 0.6;

interface Shown {
  readonly outcome: RunOutcome | null;
  readonly run: FinishedRun | null;
  readonly live: RunOutput | null;
}

/** The outcome of the latest run, shown until the next one prints or has ended, or a run in the background. Everything a program wrote is shown as text. */
@Component({
  selector: 'app-results-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  // Only inside of @defer: its code comes when the page is idle, or with the first run.
  imports: [NgTemplateOutlet, OutcomeView],
  templateUrl: './results-panel.html',
  styleUrl: './results-panel.css',
})
export class ResultsPanel {
  private readonly runs = inject(RunStore);
  private readonly settings = inject(SettingsStore).settings;
  protected readonly mode = inject(SetupStore).mode;
  private readonly isLong = signal(false);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  /** A run was in progress: the next outcome is its own, not one that was restored. */
  private isAwaiting = false;

  protected readonly runKeys = computed(() => runChords(this.settings().runKeys)[0] ?? []);
  /** After another script was loaded there is nothing to show again. */
  protected readonly headline = computed(() =>
    this.runs.state().kind === 'idle' ? 'Nothing has run yet' : 'This script has not run yet',
  );
  /** What the run in progress prints, as soon as it does; else the latest outcome, which stays until then. */
  protected readonly shown = computed<Shown | null>(
    () => {
      const live = this.runs.output();
      if (this.isLong() && live && live.written().length > 0) return { outcome: null, run: null, live };
      const watched = this.runs.watched()?.output;
      if (watched && watched.written().length > 0) return { outcome: null, run: null, live: watched };
      const shown = this.runs.shown();
      return shown && { ...shown, live: null };
    },
    { equal: (a, b) => a?.outcome === b?.outcome && a?.run === b?.run && a?.live === b?.live },
  );
  private readonly isLive = computed(() => (this.shown()?.live ?? null) !== null);
  protected readonly runningMs = computed(() => {
    if (this.isLong()) return this.runs.elapsedMs();
    const watched = this.runs.watched();
    return watched && (watched.elapsedMs() ?? 0);
  });
  /** What is watched waits for its turn. */
  protected readonly isQueued = computed(() => this.runs.watched()?.elapsedMs() === null);
  protected readonly seconds = computed(() => ((this.runningMs() ?? 0) / 1_000).toFixed(1));

  constructor() {
    effect(() => {
      if (this.runs.isRunning()) {
        this.isAwaiting = !this.isLive();
        // What is printed is looked at while it comes.
        if (!this.isAwaiting) untracked(() => this.bringIntoView());
      } else if (this.isAwaiting) {
        this.isAwaiting = false;
        untracked(() => this.bringIntoView());
      }
    });
    effect((onCleanup) => {
      if (!this.runs.isRunning()) return;
      const telling = setTimeout(() => this.isLong.set(true), SHOW_AFTER_MS);
      onCleanup(() => {
        clearTimeout(telling);
        this.isLong.set(false);
      });
    });
  }

  private bringIntoView(): void {
    const { top } = this.element.getBoundingClientRect();
    if (top > window.innerHeight * LOWEST_BEGINNING) {
      const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
      this.element.scrollIntoView({ block: 'start', behavior: isStill ? 'auto' : 'smooth' });
    }
  }
}
