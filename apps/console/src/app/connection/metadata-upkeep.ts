import { effect, inject, Injectable, untracked } from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import { RunStore } from '../runs/run-store';
import { type ApiState, MetadataStore } from '../metadata/metadata-store';

/** Waited for an API that is not there yet, milliseconds: each time twice as long, up to the most. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;
/** What was said so long ago may have changed when a person comes back to the page, milliseconds. */
const FRESH_MS = 30_000;

/** Keeps what the page says of the API true while APIs start, stop and change. */
@Injectable({ providedIn: 'root' })
export class MetadataUpkeep {
  private readonly store = inject(MetadataStore);
  private readonly runs = inject(RunStore);
  private waitMs = FIRST_WAIT_MS;

  constructor() {
    effect((onCleanup) => {
      const state = this.store.state();
      if (!mayComeAbout(state)) {
        this.waitMs = FIRST_WAIT_MS;
        return;
      }
      const waiting = setTimeout(() => this.askIfSeen(), this.waitMs);
      this.waitMs = Math.min(LONGEST_WAIT_MS, this.waitMs * 2);
      onCleanup(() => clearTimeout(waiting));
    });
    effect(() => {
      const state = this.runs.state();
      if (state.kind !== 'finished') return;
      untracked(() => {
        if (contradicts(state.outcome, this.store.state())) void this.store.refresh();
      });
    });
    document.addEventListener('visibilitychange', () => this.askIfStale());
    addEventListener('online', () => this.askIfStale());
  }

  /** Nobody looks at a page in the background: it asks when somebody does. */
  private askIfSeen(): void {
    if (document.visibilityState === 'visible') void this.store.refresh();
  }

  private askIfStale(): void {
    const state = this.store.state();
    if (state.kind !== 'described' || mayComeAbout(state) || this.store.ageMs() > FRESH_MS) this.askIfSeen();
  }
}

/** Whether waiting may help: an API that starts. A wrong address stays wrong. */
function mayComeAbout(state: ApiState): boolean {
  switch (state.kind) {
    case 'described':
      return !state.metadata.selfTest.passed && state.metadata.isolation !== 'none';
    case 'unreachable':
      return !['bad-address', 'mixed-content', 'redirected'].includes(state.reason);
    default:
      return false;
  }
}

/** Whether a run has shown that what is known of the API holds no more. */
function contradicts(outcome: RunOutcome, state: ApiState): boolean {
  switch (outcome.kind) {
    case 'unreachable':
    case 'wrong-api':
      return true;
    case 'succeeded':
      return state.kind !== 'described' || state.metadata.isolation !== outcome.execution.isolation;
    case 'failed':
    case 'busy':
      return state.kind !== 'described' || outcome.error.code === 'SANDBOX_UNAVAILABLE';
    case 'cancelled':
      return false;
    default:
      return outcome satisfies never;
  }
}
