import { LiveAnnouncer } from '@angular/cdk/a11y';
import { ChangeDetectionStrategy, Component, computed, effect, inject, signal } from '@angular/core';
import { announcementOf } from '../outcomes/outcome-description';
import { KeyPrompt } from '../keys/key-prompt';
import { RunStore } from './run-store';

/** A run that takes longer is announced as running, milliseconds. */
const ANNOUNCE_AFTER_MS = 1_000;

/** Announces to screen readers that a run goes on, and what comes of it. Shows nothing, and is loaded behind the first paint. */
@Component({
  selector: 'app-run-announcer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: '',
})
export class RunAnnouncer {
  private readonly runs = inject(RunStore);
  private readonly announcer = inject(LiveAnnouncer);
  private readonly prompt = inject(KeyPrompt);

  private readonly isLong = signal(false);
  private readonly isPrinting = computed(() => (this.runs.output()?.written().length ?? 0) > 0);

  constructor() {
    effect((onCleanup) => {
      const state = this.runs.state();
      if (state.kind === 'running') {
        const telling = setTimeout(() => this.isLong.set(true), ANNOUNCE_AFTER_MS);
        onCleanup(() => {
          clearTimeout(telling);
          this.isLong.set(false);
        });
      } else if (state.kind === 'finished') {
        void this.announcer.announce(announcementOf(state.outcome));
      }
    });
    effect(() => {
      const end = this.runs.watchedEnd();
      if (end) void this.announcer.announce(announcementOf(end.outcome));
    });
    // That there is output, and how much in the end: lines that come by themselves would talk over everything else.
    effect(() => {
      // While a run waits for a key, the user is being asked for that.
      if (this.isLong() && this.prompt.asked() === null)
        void this.announcer.announce(this.isPrinting() ? 'Output is coming' : 'Running');
    });
  }
}
