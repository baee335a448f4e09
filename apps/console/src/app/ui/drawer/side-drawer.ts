import { createGlobalPositionStrategy } from '@angular/cdk/overlay';
import { NgTemplateOutlet } from '@angular/common';
import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  inject,
  Injector,
  input,
  output,
  signal,
  type TemplateRef,
  viewChild,
} from '@angular/core';
import { ModalOpener } from '../dialog/modal-opener';
import { Icon } from '../icons/icon';
import { ToastList } from '../toast/toast-list';

/** From this width on there is room for it beside the panes; below it lies over the page. */
const ROOM_BESIDE = '(min-width: 1100px)';

let lastId = 0;

/**
 * A panel that stays open beside the page. Where there is no room it is a sheet over the page, which traps the focus.
 * Like the modal dialog it is open as long as it exists; children with `drawerFoot` stand below what scrolls.
 */
@Component({
  selector: 'app-side-drawer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, NgTemplateOutlet, ToastList],
  providers: [ModalOpener],
  template: `
    <ng-template #frame>
      <div class="frame" [class.sheet]="!isBeside()">
        <header>
          <h2 [id]="headingId">{{ heading() }}</h2>
          <button #closing type="button" class="icon-button" aria-label="Close" (click)="close()">
            <app-icon name="close" [size]="20" />
          </button>
        </header>
        <ng-content select="[drawerHead]" />
        <div class="content"><ng-content /></div>
        <ng-content select="[drawerFoot]" />
        @if (!isBeside()) {
          <!-- The page behind is out of reach, and its toasts with it. -->
          <app-toast-list />
        }
      </div>
    </ng-template>
    @if (isBeside()) {
      <div
        class="beside"
        role="dialog"
        [attr.aria-labelledby]="headingId"
        (keydown.escape)="closeByKey($event)"
      >
        <ng-container [ngTemplateOutlet]="frame" />
      </div>
    }
  `,
  styleUrl: './side-drawer.css',
})
export class SideDrawer {
  readonly heading = input.required<string>();
  /** The drawer has been closed, however. */
  readonly closed = output();

  protected readonly headingId = `drawer-heading-${String((lastId += 1))}`;
  private readonly opener = inject(ModalOpener);
  private readonly injector = inject(Injector);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly frame = viewChild.required<TemplateRef<unknown>>('frame');
  private readonly closing = viewChild<ElementRef<HTMLElement>>('closing');
  private readonly room = matchMedia(ROOM_BESIDE);
  private readonly beside = signal(this.room.matches);
  /** Where the focus was before the drawer was opened. */
  private readonly origin = document.activeElement as HTMLElement | null;

  /** Whether the rest of the page can be used meanwhile. */
  readonly isBeside = this.beside.asReadonly();

  constructor() {
    afterRenderEffect((onCleanup) => {
      if (this.beside()) {
        this.focus();
        return;
      }
      this.opener.open(this.frame(), () => this.closed.emit(), {
        ariaLabelledBy: this.headingId,
        positionStrategy: createGlobalPositionStrategy(this.injector).top().right(),
      });
      onCleanup(() => this.opener.discard());
    });
    const follow = (): void => this.beside.set(this.room.matches);
    this.room.addEventListener('change', follow);
    inject(DestroyRef).onDestroy(() => this.room.removeEventListener('change', follow));
  }

  /** Where the focus goes when nothing else of the drawer can have it. */
  focus(): void {
    this.closing()?.nativeElement.focus();
  }

  close(): void {
    if (this.opener.isOpen) {
      this.opener.close();
      return;
    }
    if (this.host.contains(document.activeElement)) this.origin?.focus();
    this.closed.emit();
  }

  protected closeByKey(event: Event): void {
    if (event.defaultPrevented) return;
    event.preventDefault();
    this.close();
  }
}
