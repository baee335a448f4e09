import { Injectable, signal } from '@angular/core';

/** What can lie over the page, one at a time. */
export type DialogName = 'examples' | 'settings' | 'shortcuts';

/** What is open beside or over the script and its result. */
@Injectable({ providedIn: 'root' })
export class Panels {
  private readonly opened = signal<DialogName | null>(null);
  private readonly history = signal(false);
  private hideHistory: (() => void) | null = null;

  readonly dialog = this.opened.asReadonly();
  readonly isHistoryShown = this.history.asReadonly();

  show(dialog: DialogName): void {
    this.opened.set(dialog);
  }

  closeDialog(): void {
    this.opened.set(null);
  }

  toggleHistory(): void {
    if (!this.history()) this.history.set(true);
    else if (this.hideHistory) this.hideHistory();
    else this.closeHistory();
  }

  /**
   * How the history is closed once it stands, so that the focus goes back to where it was.
   * @returns a function that withdraws the offer
   */
  offerHidingHistory(hide: () => void): () => void {
    this.hideHistory = hide;
    return () => {
      if (this.hideHistory === hide) this.hideHistory = null;
    };
  }

  closeHistory(): void {
    this.history.set(false);
  }
}
