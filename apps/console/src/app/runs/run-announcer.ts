import { LiveAnnouncer } from '@angular/cdk/a11y';
import { ChangeDetectionStrategy, Component, effect, inject } from '@angular/core';
import { announcementOf } from '../outcomes/outcome-description';
import { RunStore } from './run-store';

/** A run that takes longer is announced as running, milliseconds. */
const ANNOUNCE_AFTER_MS = 1_000;

/** Announces to screen readers what comes of a run. Shows nothing, and is loaded behind the first paint. */
@Component({
  selector: 'app-run-announcer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: '',
})
export class RunAnnouncer {
  private readonly runs = inject(RunStore);
  private readonly announcer = inject(LiveAnnouncer);

  constructor() {
    effect((onCleanup) => {
      const state = this.runs.state();
      if (state.kind === 'running') {
        const telling = setTimeout(() => void this.announcer.announce('Running'), ANNOUNCE_AFTER_MS);
        onCleanup(() => clearTimeout(telling));
      } else if (state.kind === 'finished') {
        void this.announcer.announce(announcementOf(state.outcome));
      }
    });
  }
}
