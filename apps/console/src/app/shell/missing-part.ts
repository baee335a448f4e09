import { ChangeDetectionStrategy, Component, inject, type OnInit, output } from '@angular/core';
import { ToastStore } from '../ui/toast/toast-store';

/** Stands for a part of the page that could not be fetched: no network, or a new version was deployed meanwhile. */
@Component({
  selector: 'app-missing-part',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: '',
})
export class MissingPart implements OnInit {
  private readonly toasts = inject(ToastStore);

  /** The user has been informed. */
  readonly noticed = output();

  ngOnInit(): void {
    this.toasts.show({
      tone: 'warning',
      message:
        'This part of the page could not be loaded. Your script is saved: reload the page to try again.',
      action: { label: 'Reload', run: () => location.reload() },
    });
    // Not while the page is being rendered.
    queueMicrotask(() => this.noticed.emit());
  }
}
