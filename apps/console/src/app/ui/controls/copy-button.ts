import { LiveAnnouncer } from '@angular/cdk/a11y';
import { ChangeDetectionStrategy, Component, DestroyRef, inject, input, signal } from '@angular/core';
import { Icon } from '../icons/icon';
import { ClipboardWriter } from '../../browser/clipboard-writer';

/** How long the button says that it has copied, milliseconds. */
const COPIED_SHOWN_MS = 1_600;

/** Copies a text, and says that it has. */
@Component({
  selector: 'app-copy-button',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <button
      type="button"
      class="tool"
      [attr.aria-label]="label()"
      [title]="label()"
      [attr.tabindex]="focusable() ? null : -1"
      (click)="copy()"
    >
      <app-icon [name]="state() === 'copied' ? 'check' : state() === 'failed' ? 'alert' : 'copy'" />
      @if (caption()) {
        <span>{{ state() === 'copied' ? 'Copied' : caption() }}</span>
      }
    </button>
  `,
  styleUrl: './tool.css',
})
export class CopyButton {
  /** What it copies, for screen readers and as a tooltip. */
  readonly label = input.required<string>();
  /** Makes the text when it is asked for: it may be long. */
  readonly text = input.required<() => string>();
  /** A caption beside the icon; empty where there is little room. */
  readonly caption = input('');
  /** Inside of a widget with keys of its own, a button is for the pointer only. */
  readonly focusable = input(true);

  private readonly clipboard = inject(ClipboardWriter);
  private readonly announcer = inject(LiveAnnouncer);
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected readonly state = signal<'ready' | 'copied' | 'failed'>('ready');

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  protected async copy(): Promise<void> {
    const isCopied = await this.clipboard.write(this.text()());
    this.state.set(isCopied ? 'copied' : 'failed');
    void this.announcer.announce(isCopied ? 'Copied' : 'The browser does not allow copying');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.state.set('ready'), COPIED_SHOWN_MS);
  }
}
