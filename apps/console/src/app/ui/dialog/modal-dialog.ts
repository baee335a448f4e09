import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  inject,
  input,
  output,
  type TemplateRef,
  viewChild,
} from '@angular/core';
import { Icon } from '../icons/icon';
import { ModalOpener } from './modal-opener';

let lastId = 0;

/**
 * A dialog over the page. It is open as long as it exists: put it into an `@if` and take it out on `closed`. A control
 * with the attribute `cdkFocusInitial` gets the focus first, else the first control.
 */
@Component({
  selector: 'app-modal-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  providers: [ModalOpener],
  template: `
    <ng-template #frame>
      <div class="frame" [attr.data-size]="size()">
        <header>
          <h2 [id]="headingId">{{ heading() }}</h2>
          <button type="button" class="icon-button" aria-label="Close" (click)="close()">
            <app-icon name="close" [size]="20" />
          </button>
        </header>
        <div class="content"><ng-content /></div>
      </div>
    </ng-template>
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
  private readonly opener = inject(ModalOpener);
  private readonly frame = viewChild.required<TemplateRef<unknown>>('frame');

  constructor() {
    afterNextRender(() =>
      this.opener.open(this.frame(), () => this.closed.emit(), { ariaLabelledBy: this.headingId }),
    );
  }

  close(): void {
    this.opener.close();
  }
}
