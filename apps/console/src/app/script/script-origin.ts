import { inject, Injectable, signal } from '@angular/core';
import { ScriptStore } from './script-store';

/** Whether the user is asked about the script in the editor because it came by a link. */
@Injectable({ providedIn: 'root' })
export class ScriptOrigin {
  private readonly script = inject(ScriptStore);
  private readonly asking = signal(false);

  /** Whether it came by a link and the user has not confirmed yet that it may run. */
  readonly isUnread = this.script.isUnread;
  /** Whether the user is to be asked whether the script may run. */
  readonly isAsking = this.asking.asReadonly();

  /** The user has confirmed the script that came by a link. */
  acknowledge(): void {
    this.script.markRead();
  }

  ask(): void {
    this.asking.set(true);
  }

  stopAsking(): void {
    this.asking.set(false);
  }
}
