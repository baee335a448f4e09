import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { Icon } from '../icons/icon';
import { isOnBackdrop } from '../dialog/backdrop';
import { ToastList } from '../toast/toast-list';

/** From this width on there is room for it beside the panes; below it lies over the page. */
const ROOM_BESIDE = '(min-width: 1100px)';

let lastId = 0;

/**
 * Something that stays open beside the page. Where there is no room it is a sheet over the page, which keeps the focus
 * inside. Like the modal dialog it is open as long as it exists; children with `drawerFoot` stand below what scrolls.
 */
@Component({
  selector: 'app-side-drawer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, ToastList],
  host: { '(keydown.escape)': 'closeByKey($event)' },
  template: `
    <dialog
      #dialog
      [attr.data-modeless]="isBeside() ? '' : null"
      [attr.aria-labelledby]="headingId"
      (close)="told()"
      (pointerdown)="closeOutside($event)"
    >
      <div class="frame">
        <header>
          <h2 [id]="headingId">{{ heading() }}</h2>
          <button #closing type="button" class="icon-button" aria-label="Close" (click)="close()">
            <app-icon name="close" [size]="20" />
          </button>
        </header>
        <ng-content select="[drawerHead]" />
        <div class="content"><ng-content /></div>
        <ng-content select="[drawerFoot]" />
      </div>
      @if (!isBeside()) {
        <!-- The page behind is out of reach, and its words with it. -->
        <app-toast-list />
      }
    </dialog>
  `,
  styleUrl: './side-drawer.css',
})
export class SideDrawer {
  readonly heading = input.required<string>();
  /** The drawer has been closed, however. */
  readonly closed = output();

  protected readonly headingId = `drawer-heading-${String((lastId += 1))}`;
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  private readonly closing = viewChild.required<ElementRef<HTMLElement>>('closing');
  private readonly room = matchMedia(ROOM_BESIDE);
  private readonly beside = signal(this.room.matches);

  /** Whether the rest of the page can be used meanwhile. */
  readonly isBeside = this.beside.asReadonly();

  constructor() {
    afterNextRender(() => this.open());
    const follow = (): void => {
      this.beside.set(this.room.matches);
      // How a dialog stands in the page is decided when it opens. It is open again before its end is told.
      this.dialog().nativeElement.close();
      this.open();
    };
    this.room.addEventListener('change', follow);
    inject(DestroyRef).onDestroy(() => this.room.removeEventListener('change', follow));
  }

  /** Where the focus goes when nothing else of the drawer can have it. */
  focus(): void {
    this.closing().nativeElement.focus();
  }

  close(): void {
    this.dialog().nativeElement.close();
  }

  protected told(): void {
    if (!this.dialog().nativeElement.open) this.closed.emit();
  }

  /** The browser does so only for modal dialogs. */
  protected closeByKey(event: Event): void {
    if (!this.beside() || event.defaultPrevented) return;
    event.preventDefault();
    this.close();
  }

  protected closeOutside(event: PointerEvent): void {
    if (isOnBackdrop(event, this.dialog().nativeElement)) this.close();
  }

  private open(): void {
    const dialog = this.dialog().nativeElement;
    if (this.beside()) dialog.show();
    else dialog.showModal();
  }
}
