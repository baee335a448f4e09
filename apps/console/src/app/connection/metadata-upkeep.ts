import { effect, inject, Injectable, untracked } from '@angular/core';
import { isAboutKey, type RunOutcome } from '../api/run-outcome';
import { RunStore } from '../runs/run-store';
import { type ApiState, MetadataStore } from '../metadata/metadata-store';

/** Back-off while the API is not reachable, milliseconds: doubled each time, up to the maximum. */
const MIN_WAIT_MS = 2_000;
const MAX_WAIT_MS = 30_000;
/** Older metadata is refreshed when the user returns to the page, milliseconds. */
const STALE_AFTER_MS = 30_000;

/** Keeps the metadata up to date while the API starts, stops and changes. */
@Injectable({ providedIn: 'root' })
export class MetadataUpkeep {
  private readonly store = inject(MetadataStore);
  private readonly runs = inject(RunStore);
  private waitMs = MIN_WAIT_MS;

  constructor() {
    effect((onCleanup) => {
      const state = this.store.state();
      if (!mayRecover(state)) {
        this.waitMs = MIN_WAIT_MS;
        return;
      }
      const waiting = setTimeout(() => this.refreshIfVisible(), this.waitMs);
      this.waitMs = Math.min(MAX_WAIT_MS, this.waitMs * 2);
      onCleanup(() => clearTimeout(waiting));
    });
    effect(() => {
      const state = this.runs.state();
      if (state.kind !== 'finished') return;
      untracked(() => {
        if (contradicts(state.outcome, this.store.state())) void this.store.refresh();
      });
    });
    document.addEventListener('visibilitychange', () => this.refreshIfStale());
    addEventListener('online', () => this.refreshIfStale());
  }

  /** A page in the background asks when it becomes visible again. */
  private refreshIfVisible(): void {
    if (document.visibilityState === 'visible') void this.store.refresh();
  }

  private refreshIfStale(): void {
    const state = this.store.state();
    if (state.kind !== 'described' || mayRecover(state) || this.store.ageMs() > STALE_AFTER_MS)
      this.refreshIfVisible();
  }
}

/** Whether waiting may help: the API may be starting. A wrong address stays wrong. */
function mayRecover(state: ApiState): boolean {
  switch (state.kind) {
    case 'described':
      return !state.metadata.selfTest.passed && state.metadata.isolation !== 'none';
    case 'unreachable':
      return !['bad-address', 'mixed-content', 'redirected'].includes(state.reason);
    default:
      return false;
  }
}

/** Whether the outcome of a run contradicts the metadata. */
function contradicts(outcome: RunOutcome, state: ApiState): boolean {
  switch (outcome.kind) {
    case 'unreachable':
    case 'wrong-api':
      return true;
    case 'succeeded':
      return state.kind !== 'described' || state.metadata.isolation !== outcome.execution.isolation;
    case 'failed':
    case 'busy':
      return (
        state.kind !== 'described' || outcome.error.code === 'SANDBOX_UNAVAILABLE' || isAboutKey(outcome)
      );
    case 'cancelled':
      return false;
    default:
      return outcome satisfies never;
  }
}
