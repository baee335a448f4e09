import { LiveAnnouncer } from '@angular/cdk/a11y';
import { ChangeDetectionStrategy, Component, computed, effect, inject } from '@angular/core';
import { KeyPrompt } from '../keys/key-prompt';
import { Icon } from '../ui/icons/icon';
import { refusalTitle } from './key-texts';

/**
 * Says that the API wants a key, or another one. What the page asks by itself, while somebody types perhaps, must not
 * take the focus: only a run opens the dialog at once.
 */
@Component({
  selector: 'app-key-notice',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  host: { role: 'note' },
  template: `
    <app-icon name="key" />
    <p>{{ title() }}</p>
    <button type="button" class="button" aria-haspopup="dialog" (click)="prompt.ask()">Enter a key</button>
  `,
  styles: `
    :host {
      display: flex;
      flex: none;
      align-items: center;
      gap: 10px;
      padding: 6px 8px 6px 16px;
      border-bottom: 1px solid var(--border);
      background: var(--warning-soft);
      color: var(--warning-text);
    }
    p {
      flex: 1;
      margin: 0;
      font-weight: 500;
    }
  `,
})
export class KeyNotice {
  protected readonly prompt = inject(KeyPrompt);
  protected readonly title = computed(() => {
    const refusal = this.prompt.refusal();
    return refusal ? `${refusalTitle(refusal)}.` : '';
  });

  constructor() {
    const announcer = inject(LiveAnnouncer);
    effect(() => {
      if (this.title() !== '') void announcer.announce(this.title());
    });
  }
}
