import { effect, inject, Injectable, untracked } from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import { EditorFocus } from '../script/editor-focus';
import { isSameSetup, PLAIN_SETUP, type RunSetup } from '../script/run-setup';
import { ScriptStore } from '../script/script-store';
import { type ReplacedSetup, SetupStore } from '../script/setup-store';
import { RunPreparation } from '../inputs/run-preparation';
import { RunStore } from '../runs/run-store';
import { ToastStore } from '../ui/toast/toast-store';
import { HistoryStore } from './history-store';

export interface Replacement {
  readonly text: string;
  /** What it is run with; nothing unless given. */
  readonly setup?: RunSetup;
  /** What has happened, as a sentence for the user. */
  readonly message: string;
  /** What came of the script, where it ran before. */
  readonly outcome?: RunOutcome | null;
  /** It came by a shared link: the user is asked before it runs. */
  readonly isByLink?: boolean;
}

/** Puts another script into the editor, with what it is run with. What was there is never lost: the editor's undo, the toast and the history have it. */
@Injectable({ providedIn: 'root' })
export class ScriptReplacement {
  private readonly script = inject(ScriptStore);
  private readonly setups = inject(SetupStore);
  private readonly preparation = inject(RunPreparation);
  private readonly runs = inject(RunStore);
  private readonly history = inject(HistoryStore);
  private readonly toasts = inject(ToastStore);
  private readonly focus = inject(EditorFocus);

  /** The latest that the editor's own undo can take back. */
  private undoable: { readonly text: string; readonly setup: ReplacedSetup; readonly loads: number } | null =
    null;

  constructor() {
    effect(() => {
      const text = this.script.text();
      untracked(() => this.follow(text));
    });
  }

  replace({ text, setup = PLAIN_SETUP, message, outcome = null, isByLink = false }: Replacement): void {
    const hasText = this.script.text().trim() !== '';
    const wasEdited = this.script.isEdited() || (hasText && this.setups.isEdited());
    const wasUnread = this.script.isUnread();
    const wasRunning = this.runs.isRunning();
    const previous = this.runs.shown();
    const replaced = this.script.load(text, isByLink);
    const replacedSetup = this.setups.load(setup);
    this.undoable = { text: replaced.text, setup: replacedSetup, loads: this.setups.loads() };
    this.preparation.forget();
    this.runs.show(outcome);
    const sentence = wasRunning ? `${message} The run in progress was cancelled.` : message;
    const isSame = isSameSetup(setup, replacedSetup.setup);
    if (this.script.text() === replaced.text && isSame) {
      this.toasts.show({ message: sentence, topic: 'script' });
      return;
    }
    if (wasEdited) {
      const draft = { script: replaced.text, setup: replacedSetup.setup, isUnread: wasUnread };
      void this.history.addDraft(draft);
    }
    this.toasts.show({
      topic: 'script',
      message: wasEdited ? `${sentence} What you had written is in the history.` : sentence,
      action: {
        label: 'Undo',
        run: () => {
          this.undoable = null;
          this.script.restore(replaced);
          this.setups.restore(replacedSetup);
          this.runs.show(previous?.outcome ?? null, previous?.run);
          this.focus.focus();
        },
      },
    });
  }
  /** The editor's undo brought the script back: what it was run with comes along, unless that was changed since. */
  private follow(text: string): void {
    const undoable = this.undoable;
    if (text !== undoable?.text || this.setups.loads() !== undoable.loads || this.setups.isEdited()) return;
    this.undoable = null;
    this.setups.restore(undoable.setup);
  }
}
