import { ChangeDetectionStrategy, Component, computed, effect, input, signal } from '@angular/core';
import { QUICK_LENGTH } from '../json/read-json';
import { diffResults, MAX_CHANGES, type ResultDifference } from './diff-results';

/** Longer values are cut: the place is what matters, the values stand in the results themselves. */
const SHOWN_LENGTH = 400;

/** How one result became another: every place that was added, removed or changed. */
@Component({
  selector: 'app-result-diff',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './result-diff.html',
  styleUrl: './result-diff.css',
})
export class ResultDiff {
  /** JSON text of the earlier result. */
  readonly before = input.required<string>();
  /** JSON text of the later result. */
  readonly after = input.required<string>();

  /** null while it is being worked out. */
  private readonly found = signal<ResultDifference | null>(null);

  protected readonly difference = this.found.asReadonly();
  protected readonly hidden = computed(() => {
    const difference = this.found();
    if (!difference) return 0;
    return difference.added + difference.removed + difference.changed - difference.changes.length;
  });
  protected readonly most = MAX_CHANGES;

  constructor() {
    effect((onCleanup) => {
      const before = this.before();
      const after = this.after();
      if (before.length + after.length <= QUICK_LENGTH) {
        this.found.set(diffResults(before, after));
        return;
      }
      // Says first that it is at work.
      this.found.set(null);
      const later = setTimeout(() => this.found.set(diffResults(before, after)), 30);
      onCleanup(() => clearTimeout(later));
    });
  }

  protected clip(raw: string): string {
    return raw.length > SHOWN_LENGTH ? `${raw.slice(0, SHOWN_LENGTH)}…` : raw;
  }
}
