import { inject, Injectable } from '@angular/core';
import { Diagnostics } from '../editor/diagnostics';
import { ScriptStore } from '../editor/script-store';
import { RunStore } from './run-store';

/** Runs what is in the editor, however a person asks for it. */
@Injectable({ providedIn: 'root' })
export class RunCommand {
  private readonly script = inject(ScriptStore);
  private readonly diagnostics = inject(Diagnostics);
  private readonly runs = inject(RunStore);

  run(): void {
    // The service decides; the check only has its marks ready when the answer comes.
    void this.diagnostics.checkNow();
    void this.runs.run(this.script.text());
  }
}
