import { inject, Injectable, signal } from '@angular/core';
import { ScriptStore } from './script-store';

/** Whether the user is asked about the script in the editor because it came by a link. */
@Injectable({ providedIn: 'root' })
export class ScriptOrigin {
  private readonly script = inject(ScriptStore);
  private readonly asking = signal(false);
  /** What the user wanted when the question came up. */
  private wanted: () => void = () => undefined;

  /** Whether it came by a link and the user has not confirmed yet that it may run. */
  readonly isUnread = this.script.isUnread;
  /** Whether the user is to be asked whether the script may run. */
  readonly isAsking = this.asking.asReadonly();

  /** The user has confirmed the script that came by a link. */
  acknowledge(): void {
    this.script.markRead();
  }

  /**
   * Runs a script: at once where the user wrote or has confirmed it, else once the user has said so.
   */
  whenRead(run: () => void): void {
    if (!this.isUnread()) {
      run();
      return;
    }
    this.wanted = run;
    this.asking.set(true);
  }

  /** What is to be done now that the user has confirmed; once. */
  takeAsked(): () => void {
    const { wanted } = this;
    this.wanted = () => undefined;
    return wanted;
  }

  stopAsking(): void {
    this.asking.set(false);
  }
}
