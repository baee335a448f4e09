import { Injectable, signal } from '@angular/core';

/** What can lie over the page, one at a time. */
export type DialogName = 'examples' | 'settings' | 'shortcuts';

/** What is open beside or over the script and its result. */
@Injectable({ providedIn: 'root' })
export class Panels {
  private readonly opened = signal<DialogName | null>(null);
  private readonly history = signal(false);

  readonly dialog = this.opened.asReadonly();
  readonly isHistoryShown = this.history.asReadonly();

  show(dialog: DialogName): void {
    this.opened.set(dialog);
  }

  closeDialog(): void {
    this.opened.set(null);
  }

  toggleHistory(): void {
    this.history.update((isShown) => !isShown);
  }

  closeHistory(): void {
    this.history.set(false);
  }
}
