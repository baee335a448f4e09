import { inject, Injectable } from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import { EditorFocus } from '../script/editor-focus';
import { ScriptStore } from '../script/script-store';
import { RunStore } from '../runs/run-store';
import { ToastStore } from '../ui/toast/toast-store';
import { HistoryStore } from './history-store';

export interface Replacement {
  readonly text: string;
  /** What has happened, as a sentence for the user. */
  readonly message: string;
  /** What came of the script, where it ran before. */
  readonly outcome?: RunOutcome | null;
  /** It came by a shared link: the user is asked before it runs. */
  readonly isByLink?: boolean;
}

/** Puts another script into the editor. What was there is never lost: the editor's undo, the toast and the history have it. */
@Injectable({ providedIn: 'root' })
export class ScriptReplacement {
  private readonly script = inject(ScriptStore);
  private readonly runs = inject(RunStore);
  private readonly history = inject(HistoryStore);
  private readonly toasts = inject(ToastStore);
  private readonly focus = inject(EditorFocus);

  replace({ text, message, outcome = null, isByLink = false }: Replacement): void {
    const wasEdited = this.script.isEdited();
    const wasUnread = this.script.isUnread();
    const wasRunning = this.runs.isRunning();
    const previous = this.runs.shown();
    const replaced = this.script.load(text, isByLink);
    this.runs.show(outcome);
    const sentence = wasRunning ? `${message} The run in progress was cancelled.` : message;
    if (this.script.text() === replaced.text) {
      this.toasts.show({ message: sentence, topic: 'script' });
      return;
    }
    if (wasEdited) void this.history.addDraft(replaced.text, wasUnread);
    this.toasts.show({
      topic: 'script',
      message: wasEdited ? `${sentence} What you had written is in the history.` : sentence,
      action: {
        label: 'Undo',
        run: () => {
          this.script.restore(replaced);
          this.runs.show(previous?.outcome ?? null, previous?.run);
          this.focus.focus();
        },
      },
    });
  }
}
