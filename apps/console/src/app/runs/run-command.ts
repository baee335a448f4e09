import { inject, Injectable } from '@angular/core';
import { Diagnostics } from '../editor/diagnostics';
import { ScriptOrigin } from '../editor/script-origin';
import { ScriptStore } from '../editor/script-store';
import { RunStore } from './run-store';

/** Runs what is in the editor, however a person asks for it. */
@Injectable({ providedIn: 'root' })
export class RunCommand {
  private readonly script = inject(ScriptStore);
  private readonly origin = inject(ScriptOrigin);
  private readonly diagnostics = inject(Diagnostics);
  private readonly runs = inject(RunStore);

  /** A script that came by a link runs only when the person has said so. */
  run(): void {
    if (this.origin.isUnread()) this.origin.ask();
    else this.runNow();
  }

  /** The person has been asked. */
  runAcknowledged(): void {
    this.origin.acknowledge();
    this.runNow();
  }

  private runNow(): void {
    // The service decides; the check only has its marks ready when the answer comes.
    void this.diagnostics.checkNow();
    void this.runs.run(this.script.text());
  }
}
