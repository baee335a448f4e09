import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import { ResultDiff } from '../results/compare/result-diff';
import { describeOutcome } from '../outcomes/outcome-description';
import { ModalDialog } from '../ui/dialog/modal-dialog';
import { durationText } from '../ui/formatting/figures';
import { timeOfDay } from './history-days';
import { type HistoryEntry, isResultMissing } from './history-entry';
import { HistoryStore } from './history-store';
import { ScriptDiff } from '../editor/monaco/script-diff';

interface ComparedRun {
  readonly name: string;
  readonly entry: HistoryEntry;
  readonly outcome: RunOutcome | null;
}

const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });

/** Two runs beside each other: what changed in the script, and what changed in the result. */
@Component({
  selector: 'app-compare-runs',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ModalDialog, ResultDiff, ScriptDiff],
  templateUrl: './compare-runs.html',
  styleUrl: './compare-runs.css',
})
export class CompareRuns {
  /** The older run. */
  readonly before = input.required<HistoryEntry>();
  readonly after = input.required<HistoryEntry>();
  readonly closed = output();

  private readonly history = inject(HistoryStore);
  private readonly outcomes = signal<readonly (RunOutcome | null)[] | null>(null);

  /** null until the outcomes have been read. */
  protected readonly runs = computed<readonly ComparedRun[] | null>(() => {
    const outcomes = this.outcomes();
    if (!outcomes) return null;
    const [before = null, after = null] = outcomes;
    return [
      { name: 'Before', entry: this.before(), outcome: before },
      { name: 'After', entry: this.after(), outcome: after },
    ];
  });
  /** The JSON texts, where both runs have one. */
  protected readonly results = computed(() => {
    const [before, after] = this.runs()?.map(({ outcome }) => resultOf(outcome)) ?? [];
    return before != null && after != null ? { before, after } : null;
  });
  protected readonly whyNoResults = computed(() =>
    [this.before(), this.after()].some(isResultMissing)
      ? 'A result was too large to be kept, so the results cannot be compared.'
      : 'Only runs that returned a value have results to compare.',
  );
  protected readonly isScriptSame = computed(() => this.before().script === this.after().script);

  constructor() {
    effect(() => void this.readOutcomes([this.before().id, this.after().id]));
  }

  protected detailOf({ outcome }: ComparedRun): string {
    return outcome ? describeOutcome(outcome).detail : '';
  }

  protected momentOf({ at, elapsedMs }: HistoryEntry): string {
    return `${DAY.format(at)}, ${timeOfDay(at)} · ${durationText(elapsedMs ?? 0)}`;
  }

  private async readOutcomes(ids: readonly string[]): Promise<void> {
    this.outcomes.set(await Promise.all(ids.map((id) => this.history.outcomeOf(id))));
  }
}

function resultOf(outcome: RunOutcome | null): string | null {
  return outcome?.kind === 'succeeded' ? outcome.resultText : null;
}
