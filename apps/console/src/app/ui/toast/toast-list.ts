import { ChangeDetectionStrategy, Component, computed, DestroyRef, ElementRef, inject } from '@angular/core';
import { Icon } from '../icons/icon';
import { rescueFocus } from '../focus/focus-fallback';
import { ToastStore, type Toast } from './toast-store';

/** Shows the toasts at the edge of the page; screen readers announce them. */
@Component({
  selector: 'app-toast-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  host: {
    role: 'status',
    '(pointerenter)': 'hover(true)',
    '(pointerleave)': 'hover(false)',
    '(focusin)': 'enter($event)',
    '(focusout)': 'leave($event)',
  },
  template: `
    @for (toast of toasts(); track toast.id) {
      <div class="toast" [attr.data-tone]="toast.tone ?? 'neutral'">
        <span class="message">{{ toast.message }}</span>
        @if (toast.action; as action) {
          <button type="button" class="button" (click)="act(toast)">{{ action.label }}</button>
        }
        <button type="button" class="icon-button" aria-label="Dismiss" (click)="store.dismiss(toast.id)">
          <app-icon name="close" />
        </button>
      </div>
    }
  `,
  styleUrl: './toast-list.css',
})
export class ToastList {
  protected readonly store = inject(ToastStore);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly place = this.store.offerPlace();
  private isHovered = false;
  private isFocused = false;
  /** Where the focus was before it came here. */
  private origin: HTMLElement | null = null;
  /** Only the list that lies over everything else: a sheet has one of its own. */
  protected readonly toasts = computed(() => (this.place.isUppermost() ? this.store.toasts() : []));

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.place.withdraw();
      this.store.release();
    });
    rescueFocus(() => {
      this.isFocused = false;
      this.hold();
      return this.host.querySelector('button') ?? this.origin;
    });
  }

  protected hover(isHovered: boolean): void {
    this.isHovered = isHovered;
    this.hold();
  }

  protected enter({ relatedTarget }: FocusEvent): void {
    if (relatedTarget instanceof HTMLElement && !this.host.contains(relatedTarget))
      this.origin = relatedTarget;
    this.isFocused = true;
    this.hold();
  }

  protected leave({ relatedTarget }: FocusEvent): void {
    this.isFocused = relatedTarget instanceof Node && this.host.contains(relatedTarget);
    this.hold();
  }

  protected act({ id, action }: Toast): void {
    this.store.dismiss(id);
    action?.run();
  }

  private hold(): void {
    if (this.isHovered || this.isFocused) this.store.hold();
    else this.store.release();
  }
}
