import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { EditorFocus } from '../script/editor-focus';
import { ScriptOrigin } from '../script/script-origin';
import { Icon } from '../ui/icons/icon';

/** Says where the script came from, until the user has confirmed it. The question before its first run is the warning. */
@Component({
  selector: 'app-link-notice',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  host: { role: 'note' },
  template: `
    <app-icon name="link" />
    <p>This script came from a shared link. You are asked before it runs.</p>
    <button type="button" class="button" (click)="acknowledge()">I have read it</button>
  `,
  styles: `
    :host {
      display: flex;
      flex: none;
      align-items: center;
      gap: 10px;
      padding: 6px 8px 6px 16px;
      border-bottom: 1px solid var(--border);
      background: var(--surface);
      color: var(--text-muted);
    }
    p {
      flex: 1;
      margin: 0;
      font-weight: 500;
    }
  `,
})
export class LinkNotice {
  private readonly origin = inject(ScriptOrigin);
  private readonly focus = inject(EditorFocus);

  protected acknowledge(): void {
    this.origin.acknowledge();
    this.focus.focus();
  }
}
