import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import { MOD_KEY } from '../shell/platform';
import { describeOutcome } from './outcome-description';

/** What came of the latest run. Everything a program wrote is shown as text. */
@Component({
  selector: 'app-results-panel',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[class.running]': 'running()' },
  templateUrl: './results-panel.html',
  styleUrl: './results-panel.css',
})
export class ResultsPanel {
  /** null before the first run; the latest outcome stays while the next script runs. */
  readonly outcome = input.required<RunOutcome | null>();
  readonly running = input.required<boolean>();

  protected readonly modKey = MOD_KEY;
  protected readonly description = computed(() => {
    const outcome = this.outcome();
    return outcome && describeOutcome(outcome);
  });
  protected readonly success = computed(() => {
    const outcome = this.outcome();
    return outcome?.kind === 'succeeded' ? outcome : null;
  });
  protected readonly error = computed(() => {
    const outcome = this.outcome();
    return outcome?.kind === 'failed' ? outcome.error : null;
  });
  protected readonly output = computed(() => {
    const source = this.success() ?? this.error();
    return [
      { name: 'stdout', text: source?.stdout ?? '' },
      { name: 'stderr', text: source?.stderr ?? '' },
    ].filter(({ text }) => text !== '');
  });
}
