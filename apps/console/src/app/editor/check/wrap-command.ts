import { computed, inject, Injectable } from '@angular/core';
import { EditorFocus } from '../../script/editor-focus';
import { ScriptStore } from '../../script/script-store';
import { Diagnostics } from './diagnostics';

/** Moves what a script without `main` does into one. */
@Injectable({ providedIn: 'root' })
export class WrapCommand {
  private readonly script = inject(ScriptStore);
  private readonly diagnostics = inject(Diagnostics);
  private readonly focus = inject(EditorFocus);

  /** Whether that can be done with the script as it is now. */
  readonly isOffered = computed(() => this.diagnostics.withMain()?.script === this.script.text());

  /** One step, which the editor's undo takes back. */
  wrap(): void {
    const wrapped = this.diagnostics.withMain();
    if (!wrapped || !this.isOffered()) return;
    this.script.edit(wrapped.text);
    this.focus.focus();
  }
}
