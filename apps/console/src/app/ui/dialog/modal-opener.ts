import { Dialog, type DialogConfig, type DialogRef } from '@angular/cdk/dialog';
import { DestroyRef, inject, Injectable, type TemplateRef } from '@angular/core';

/**
 * Opens a template over the page, by the CDK: the focus stays inside and goes back afterwards, Escape and a click beside
 * it close it, and readers do not meet the page behind it. Provide it by the component that has the template: what is
 * open is closed with that.
 */
@Injectable()
export class ModalOpener {
  private readonly dialogs = inject(Dialog);
  private current: DialogRef | null = null;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.discard());
  }

  get isOpen(): boolean {
    return this.current !== null;
  }

  /** @param closed hears that it has been closed, unless by `discard` */
  open(template: TemplateRef<unknown>, closed: () => void, config: DialogConfig<unknown, DialogRef>): void {
    const opened = this.dialogs.open(template, {
      ariaModal: true,
      backdropClass: 'backdrop',
      disableAnimations: true,
      ...config,
    });
    this.current = opened;
    opened.closed.subscribe(() => {
      if (this.current !== opened) return;
      this.current = null;
      closed();
    });
  }

  close(): void {
    this.current?.close();
  }

  /** Closes it without a word: it is shown elsewhere, or nobody is left to hear. */
  discard(): void {
    const opened = this.current;
    this.current = null;
    opened?.close();
  }
}
