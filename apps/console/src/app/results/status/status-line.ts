import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import type { RunOutcome } from '../../api/run-outcome';
import { Icon } from '../../ui/icons/icon';
import { isolationText } from '../../metadata/isolation';
import { describeOutcome } from '../../outcomes/outcome-description';
import { TONE_ICONS } from '../../outcomes/tone-icons';
import { CopyButton } from '../../ui/controls/copy-button';
import { bytesText, durationText } from '../../ui/formatting/figures';
import { timingParts } from './timing-parts';

const PAGE_BYTES = 4_096;

/** How the run went, in figures. */
@Component({
  selector: 'app-status-line',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CopyButton, Icon],
  host: { '(keydown.escape)': 'closeDetails($event)' },
  templateUrl: './status-line.html',
  styleUrl: './status-line.css',
})
export class StatusLine {
  /** null while a run goes on whose output is shown. */
  readonly outcome = input.required<RunOutcome | null>();
  /** Wall time as the user saw it; null where it is not known. */
  readonly elapsedMs = input.required<number | null>();
  /** How long another run has been in progress, milliseconds; null where there is none. */
  readonly runningMs = input.required<number | null>();

  /** The script has been edited since. */
  readonly isEdited = input(false);

  protected readonly areDetailsShown = signal(false);
  protected readonly duration = durationText;
  protected readonly description = computed(() => {
    const outcome = this.outcome();
    return outcome && describeOutcome(outcome);
  });
  protected readonly icon = computed(() => TONE_ICONS[this.description()?.tone ?? 'neutral']);
  /** When a run was broken off, which has no report of its own; null for others, and where that is not known. */
  protected readonly brokenOffMs = computed(() => {
    const outcome = this.outcome();
    const isBrokenOff =
      outcome?.kind === 'cancelled' || (outcome?.kind === 'unreachable' && outcome.received);
    return isBrokenOff ? this.elapsedMs() : null;
  });
  protected readonly execution = computed(() => {
    const outcome = this.outcome();
    if (outcome?.kind === 'succeeded') return outcome.execution;
    return outcome?.kind === 'failed' ? (outcome.error.execution ?? null) : null;
  });
  protected readonly memory = computed(() => {
    const bytes = this.execution()?.peakMemoryBytes;
    if (bytes === undefined) return null;
    // It is measured in pages: the script needed none beyond those that were there.
    return bytes === 0 ? `< ${bytesText(PAGE_BYTES)}` : bytesText(bytes);
  });
  protected readonly isolation = computed(
    () => `Isolation: ${isolationText(this.execution()?.isolation ?? '')}`,
  );
  protected readonly parts = computed(() => {
    const execution = this.execution();
    return execution ? timingParts(execution, this.elapsedMs()) : [];
  });
  protected readonly timingText = computed(() =>
    this.parts()
      .map(({ name, ms }) => `${name.toLowerCase()} ${durationText(ms)}`)
      .join(', '),
  );
  protected readonly seconds = computed(() => ((this.runningMs() ?? 0) / 1_000).toFixed(1));
  protected readonly executionId = (): string => this.execution()?.id ?? '';

  protected closeDetails(event: Event): void {
    if (!this.areDetailsShown()) return;
    event.preventDefault();
    this.areDetailsShown.set(false);
  }
}
