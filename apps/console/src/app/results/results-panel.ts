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
import { RunStore } from '../runs/run-store';
import { runChords } from '../settings/run-keys';
import { SettingsStore } from '../settings/settings-store';
import { OutcomeView } from './outcome-view';

/** Most runs end sooner than an eye follows: that one goes on is not shown before, milliseconds. */
const PATIENCE_MS = 120;

/** Of the window's height: a result that begins below that is as good as not there. Only phones have it so far down. */
const LOWEST_BEGINNING = 0.6;

/** What came of the latest run, which stays while the next one goes on. Everything a program wrote is shown as text. */
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
  protected readonly shown = this.runs.shown;
  private readonly isLong = signal(false);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  /** A run was seen going on: what comes then is its outcome, not one that was restored. */
  private awaits = false;

  protected readonly runKeys = computed(() => runChords(this.settings().runKeys)[0] ?? []);
  /** After another script was loaded there is nothing to show again. */
  protected readonly headline = computed(() =>
    this.runs.state().kind === 'idle' ? 'Nothing has run yet' : 'This script has not run yet',
  );
  protected readonly runningMs = computed(() => (this.isLong() ? this.runs.elapsedMs() : null));
  protected readonly seconds = computed(() => ((this.runningMs() ?? 0) / 1_000).toFixed(1));

  constructor() {
    effect(() => {
      if (this.runs.isRunning()) {
        this.awaits = true;
      } else if (this.awaits) {
        this.awaits = false;
        untracked(() => this.bringIntoView());
      }
    });
    effect((onCleanup) => {
      if (!this.runs.isRunning()) return;
      const telling = setTimeout(() => this.isLong.set(true), PATIENCE_MS);
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
