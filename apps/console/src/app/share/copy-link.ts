import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Icon } from '../ui/icons/icon';
import { CopyLinkCommand } from './copy-link-command';

/** Copies a link that holds the script. */
@Component({
  selector: 'app-copy-link',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <button
      type="button"
      class="button quiet"
      aria-label="Copy link"
      aria-keyshortcuts="Control+S Meta+S"
      title="Copy a link that holds the script"
      (click)="command.copy()"
    >
      <app-icon [name]="command.isCopied() ? 'check' : 'link'" />
      <span class="label">{{ command.isCopied() ? 'Copied' : 'Copy link' }}</span>
    </button>
  `,
})
export class CopyLink {
  protected readonly command = inject(CopyLinkCommand);
}
