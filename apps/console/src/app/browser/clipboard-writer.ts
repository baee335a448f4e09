import { Clipboard } from '@angular/cdk/clipboard';
import { inject, Injectable } from '@angular/core';

/** Puts texts on the user's clipboard. */
@Injectable({ providedIn: 'root' })
export class ClipboardWriter {
  private readonly selection = inject(Clipboard);

  /** @returns whether it is there */
  async write(text: string): Promise<boolean> {
    // A page that came by plain http from elsewhere has no clipboard, yet it can copy a selection.
    if (!('clipboard' in navigator)) return this.selection.copy(text);
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // NotAllowedError: the browser or the user forbids it.
      return this.selection.copy(text);
    }
  }
}
