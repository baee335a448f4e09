import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MOD_KEY } from '../browser/platform';
import { Icon } from '../ui/icons/icon';
import { BackgroundCommand, NOT_OFFERED } from './background-command';

/** Starts the script in the editor in the background. Where the API has no such thing it stays, and says why. */
@Component({
  selector: 'app-start-in-background',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <button
      type="button"
      class="button quiet"
      aria-label="Run in background"
      aria-keyshortcuts="Control+Shift+Enter Meta+Shift+Enter"
      [attr.aria-disabled]="command.isOffered() ? null : true"
      [attr.aria-describedby]="command.isOffered() ? null : 'not-in-background'"
      [title]="title()"
      (click)="start()"
    >
      <app-icon name="background" />
      <span class="label">In background</span>
    </button>
    @if (!command.isOffered()) {
      <span class="visually-hidden" id="not-in-background">{{ reason }}</span>
    }
  `,
  styles: `
    :host {
      display: flex;
    }
  `,
})
export class StartInBackground {
  protected readonly command = inject(BackgroundCommand);
  protected readonly reason = NOT_OFFERED;
  protected readonly title = computed(() =>
    this.command.isOffered()
      ? `Run in background: it goes on when this page is closed (${MOD_KEY} Shift Enter)`
      : NOT_OFFERED,
  );

  /** As if the button were pressed. */
  start(): void {
    this.command.start();
  }
}
