import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { ICON_PATHS, type IconName } from './icon-paths';

/** Decorative: it stands beside a text, or in a control with a label of its own, and is hidden from screen readers. */
@Component({
  selector: 'app-icon',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true' },
  template: `
    <svg viewBox="0 0 20 20" [attr.width]="size()" [attr.height]="size()">
      <path
        [attr.d]="path()"
        [attr.fill]="name() === 'play' || name() === 'stop' ? 'currentColor' : 'none'"
      />
    </svg>
  `,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
    path {
      stroke: currentcolor;
      stroke-width: 1.6;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  /** CSS pixels. */
  readonly size = input<16 | 20>(16);

  protected readonly path = computed(() => ICON_PATHS[this.name()]);
}
