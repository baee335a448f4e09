import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { Icon } from '../ui/icons/icon';
import { ThemeStore } from './theme-store';

/** Shows the other theme. */
@Component({
  selector: 'app-theme-toggle',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <button
      type="button"
      class="icon-button"
      [attr.aria-label]="label()"
      [title]="label()"
      (click)="theme.toggle()"
    >
      <app-icon [name]="theme.shown() === 'dark' ? 'sun' : 'moon'" [size]="20" />
    </button>
  `,
})
export class ThemeToggle {
  protected readonly theme = inject(ThemeStore);
  protected readonly label = computed(() =>
    this.theme.shown() === 'dark' ? 'Use the light theme' : 'Use the dark theme',
  );
}
