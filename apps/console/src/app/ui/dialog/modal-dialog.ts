import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  input,
  output,
  viewChild,
} from '@angular/core';
import { Icon } from '../icons/icon';
import { isOnBackdrop } from './backdrop';

let lastId = 0;

/**
 * A dialog over the page, by the browser's own `<dialog>`: it keeps the focus inside, gives it back afterwards, closes by
 * Escape, and makes the page behind it inert. It is open as long as it exists: put it into an `@if` and take it out on
 * `closed`.
 */
@Component({
  selector: 'app-modal-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <dialog
      #dialog
      [attr.data-size]="size()"
      [attr.aria-labelledby]="headingId"
      (close)="closed.emit()"
      (pointerdown)="closeOutside($event)"
    >
      <header>
        <h2 [id]="headingId">{{ heading() }}</h2>
        <button type="button" class="icon-button" aria-label="Close" (click)="close()">
          <app-icon name="close" [size]="20" />
        </button>
      </header>
      <div class="content"><ng-content /></div>
    </dialog>
  `,
  styleUrl: './modal-dialog.css',
})
export class ModalDialog {
  readonly heading = input.required<string>();
  /** `large` takes the whole screen of a phone. */
  readonly size = input<'normal' | 'medium' | 'large'>('normal');
  /** The dialog has been closed, however. */
  readonly closed = output();

  protected readonly headingId = `dialog-heading-${String((lastId += 1))}`;
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');

  constructor() {
    afterNextRender(() => this.dialog().nativeElement.showModal());
  }

  close(): void {
    this.dialog().nativeElement.close();
  }

  /** The backdrop belongs to the dialog element. */
  protected closeOutside(event: PointerEvent): void {
    if (isOnBackdrop(event, this.dialog().nativeElement)) this.close();
  }
}
