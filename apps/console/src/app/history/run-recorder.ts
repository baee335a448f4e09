import { effect, inject, Injectable } from '@angular/core';
import { RunStore } from '../runs/run-store';
import { HistoryStore } from './history-store';

/** Puts each run into the history when it has ended. */
@Injectable({ providedIn: 'root' })
export class RunRecorder {
  constructor() {
    const runs = inject(RunStore);
    const history = inject(HistoryStore);
    effect(() => {
      const state = runs.state();
      if (state.kind === 'finished') void history.addRun(state);
    });
  }
}
