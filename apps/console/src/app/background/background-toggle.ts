import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { Icon } from '../ui/icons/icon';
import { BackgroundFollowing } from './background-following';
import { BackgroundOpener } from './background-opener';
import { BackgroundStarter } from './background-starter';
import { BackgroundStore } from './background-store';

/** Opens the list of runs in the background, and says how many go on. It is there as soon as there are any. */
@Component({
  selector: 'app-background-toggle',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    @if (isNeeded()) {
      <button
        type="button"
        class="button quiet"
        aria-keyshortcuts="Control+Shift+B Meta+Shift+B"
        title="Runs in the background"
        [attr.aria-label]="name()"
        [attr.aria-expanded]="isOpen()"
        (click)="toggled.emit()"
      >
        <app-icon name="layers" />
        <span class="label">Background</span>
        @if (following.goingOn(); as count) {
          &ngsp;<span class="count" aria-hidden="true">{{ count }}</span>
        }
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
    }
    .button {
      position: relative;
    }
    .count {
      box-sizing: border-box;
      min-width: 16px;
      padding: 1px 4px;
      border-radius: 8px;
      background: var(--accent);
      color: var(--on-accent);
      font-size: 11px;
      line-height: 14px;
      text-align: center;
      font-variant-numeric: tabular-nums;
    }
    @media (max-width: 960px) {
      .count {
        position: absolute;
        inset-block-start: 0;
        inset-inline-end: 0;
      }
    }
  `,
})
export class BackgroundToggle {
  protected readonly following = inject(BackgroundFollowing);
  private readonly store = inject(BackgroundStore);

  readonly isOpen = input.required<boolean>();
  readonly toggled = output();

  protected readonly isNeeded = computed(() => (this.store.runs() ?? []).length > 0 || this.isOpen());
  protected readonly name = computed(() => {
    const count = this.following.goingOn();
    return count === 0 ? 'Background runs' : `Background ${count} going on`;
  });

  constructor() {
    inject(BackgroundStarter);
    inject(BackgroundOpener);
  }
}
