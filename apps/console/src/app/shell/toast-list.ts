import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject } from '@angular/core';
import { Icon } from '../icons/icon';
import { ToastStore, type Toast } from './toast-store';

/** Shows the words at the edge of the page; screen readers hear them as they come. */
@Component({
  selector: 'app-toast-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  host: { role: 'status' },
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
  private readonly place = this.store.offerPlace();
  /** Only the list that lies over everything else: a sheet has one of its own. */
  protected readonly toasts = computed(() => (this.place.isUppermost() ? this.store.toasts() : []));

  constructor() {
    inject(DestroyRef).onDestroy(() => this.place.withdraw());
  }

  protected act({ id, action }: Toast): void {
    this.store.dismiss(id);
    action?.run();
  }
}
