import { Dialog, type DialogConfig, type DialogRef } from '@angular/cdk/dialog';
import { DestroyRef, inject, Injectable, type TemplateRef } from '@angular/core';

/** How a dialog differs from the others. */
export type ModalOptions = Pick<DialogConfig, 'ariaLabelledBy' | 'positionStrategy'>;

/**
 * Opens a template over the page, by the CDK: the focus is trapped and restored, Escape and a click on the backdrop close
 * it, and screen readers do not see the page behind it. Provide it in the component that has the template: destroying
 * the component closes the dialog.
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

  /** @param closed is called when it has been closed, unless by `discard` */
  open(template: TemplateRef<unknown>, closed: () => void, options: ModalOptions): void {
    const opened = this.dialogs.open(template, {
      ariaModal: true,
      backdropClass: 'backdrop',
      disableAnimations: true,
      ...options,
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

  /** Closes it without calling back: it is shown elsewhere, or its component is destroyed. */
  discard(): void {
    const opened = this.current;
    this.current = null;
    opened?.close();
  }
}
