import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { IconName } from '../icons/icon-paths';
import { Icon } from '../icons/icon';

/** A small button of a tool bar. */
@Component({
  selector: 'app-tool-button',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <button
      type="button"
      class="tool"
      [attr.aria-label]="label()"
      [title]="label()"
      [attr.aria-pressed]="pressed()"
      [disabled]="disabled()"
      (click)="press.emit()"
    >
      <app-icon [name]="icon()" />
      @if (caption()) {
        <span>{{ caption() }}</span>
      }
    </button>
  `,
  styleUrl: './tool.css',
})
export class ToolButton {
  readonly icon = input.required<IconName>();
  /** What it does, for screen readers and as a tooltip. */
  readonly label = input.required<string>();
  /** A caption beside the icon; empty where there is little room. */
  readonly caption = input('');
  /** Of a switch; null where it is none. */
  readonly pressed = input<boolean | null>(null);
  readonly disabled = input(false);
  readonly press = output();
}
