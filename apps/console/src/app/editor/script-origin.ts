import { computed, inject, Injectable, signal } from '@angular/core';
import { BrowserStorage } from '../storage/browser-storage';
import { ScriptStore } from './script-store';

const KEY = 'pycell.unread-link';

/** Whether the script in the editor came by a link and nobody has said yet that it may run. */
@Injectable({ providedIn: 'root' })
export class ScriptOrigin {
  private readonly storage = inject(BrowserStorage);
  private readonly script = inject(ScriptStore);
  // Kept, or a reload would make somebody else's script the person's own.
  private readonly cameByLink = signal(this.storage.read(KEY) !== null);
  private readonly replaced = signal<string | null>(null);
  private readonly asking = signal(false);

  /** Undo in the editor brings the person's own script back, and with it the right to run it. */
  readonly isUnread = computed(() => this.cameByLink() && this.script.text() !== this.replaced());
  /** Whether the person is to be asked whether the script may run. */
  readonly isAsking = this.asking.asReadonly();

  /** @param replaced the script that was in the editor before */
  loadedFromLink(replaced: string): void {
    // Who opens a link to the very script in the editor is told so, too.
    this.replaced.set(replaced === this.script.text() ? null : replaced);
    this.set(true);
  }

  loadedFromHere(): void {
    this.set(false);
  }

  /** The person knows what the script is and where it came from. */
  acknowledge(): void {
    this.set(false);
  }

  ask(): void {
    this.asking.set(true);
  }

  stopAsking(): void {
    this.asking.set(false);
  }

  private set(cameByLink: boolean): void {
    this.cameByLink.set(cameByLink);
    if (cameByLink) this.storage.write(KEY, '1');
    else this.storage.remove(KEY);
  }
}
