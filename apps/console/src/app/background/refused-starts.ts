import { inject, Injectable } from '@angular/core';
import { recordOfRun } from '../history/history-entry';
import { HistoryStore } from '../history/history-store';
import { type RefusedRun, RunStore } from '../runs/run-store';
import { ScriptStore } from '../script/script-store';
import { BackgroundNotices } from './background-notices';
import type { BackgroundRun } from './background-run';
import { finishedRun, historyIdOf } from './ended-run';

/** Tells of runs that were not started in the background: as of any run, where that is beside its script. */
@Injectable({ providedIn: 'root' })
export class RefusedStarts {
  private readonly runs = inject(RunStore);
  private readonly script = inject(ScriptStore);
  private readonly history = inject(HistoryStore);
  private readonly notices = inject(BackgroundNotices);

  /** What is in the editor was not even sent. */
  tell(refused: RefusedRun): void {
    // What the run in progress prints stays where it is.
    if (this.runs.isRunning()) this.notices.refused(refused.outcome);
    else this.runs.refuse(refused);
  }

  /** The API has not taken a run that was listed, and is not any more. */
  async tellOf(run: BackgroundRun, refused: RefusedRun): Promise<void> {
    if (!this.runs.isRunning() && this.script.text() === refused.script) {
      this.runs.refuse(refused);
      return;
    }
    // Its script may be nowhere else.
    await this.history.put([recordOfRun(historyIdOf(run), finishedRun(run, refused, refused.outcome))]);
    this.notices.refused(refused.outcome, run.title);
  }

  /** A later start was taken: that an earlier one was not is no news any more. */
  withdraw(): void {
    if (this.runs.shown()?.run?.again && !this.runs.isRunning()) this.runs.show(null);
  }
}
