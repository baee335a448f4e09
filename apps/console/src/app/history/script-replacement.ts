import { inject, Injectable } from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import { EditorFocus } from '../editor/editor-focus';
import { ScriptOrigin } from '../editor/script-origin';
import { ScriptStore } from '../editor/script-store';
import { RunStore } from '../runs/run-store';
import { ToastStore } from '../shell/toast-store';
import { HistoryStore } from './history-store';

export interface Replacement {
  readonly text: string;
  /** What has happened, as a sentence for the person. */
  readonly message: string;
  /** What came of the script, where it ran before. */
  readonly outcome?: RunOutcome | null;
  /** Somebody else wrote it: the person is asked before it runs. */
  readonly isByLink?: boolean;
}

/** Puts another script into the editor. What was there is never lost: the editor's undo, the toast and the history have it. */
@Injectable({ providedIn: 'root' })
export class ScriptReplacement {
  private readonly script = inject(ScriptStore);
  private readonly origin = inject(ScriptOrigin);
  private readonly runs = inject(RunStore);
  private readonly history = inject(HistoryStore);
  private readonly toasts = inject(ToastStore);
  private readonly focus = inject(EditorFocus);

  replace({ text, message, outcome = null, isByLink = false }: Replacement): void {
    const previousText = this.script.text();
    const previousOutcome = this.runs.outcome();
    const wasEdited = this.script.isEdited();
    const wasUnread = this.origin.isUnread();
    if (wasEdited && text !== previousText) void this.history.addDraft(previousText);
    this.script.load(text);
    if (isByLink) this.origin.loadedFromLink(previousText);
    else this.origin.loadedFromHere();
    this.runs.show(outcome);
    if (text === previousText) {
      this.toasts.show({ message, topic: 'script' });
      return;
    }
    this.toasts.show({
      topic: 'script',
      message: wasEdited ? `${message} What you had written is in the history.` : message,
      action: {
        label: 'Undo',
        run: () => {
          if (wasEdited) this.script.edit(previousText);
          else this.script.load(previousText);
          if (wasUnread) this.origin.loadedFromLink(text);
          else this.origin.loadedFromHere();
          this.runs.show(previousOutcome);
          this.focus.focus();
        },
      },
    });
  }
}
