import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { SettingsStore } from '../settings/settings-store';
import { ModalDialog } from '../ui/dialog/modal-dialog';
import { shortcutsWith } from './shortcuts';

/** Tells which keys do what. */
@Component({
  selector: 'app-shortcuts-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ModalDialog],
  template: `
    <app-modal-dialog heading="Keyboard shortcuts" (closed)="closed.emit()">
      @for (group of shortcuts(); track group.group) {
        <h3>{{ group.group }}</h3>
        <dl>
          @for (entry of group.entries; track entry.description) {
            <div class="entry">
              <dt>{{ entry.description }}</dt>
              <dd>
                @for (chord of entry.chords; track $index) {
                  <span class="chord">
                    @for (key of chord; track $index) {
                      <kbd>{{ key }}</kbd>
                    }
                  </span>
                }
              </dd>
            </div>
          }
        </dl>
      }
    </app-modal-dialog>
  `,
  styles: `
    h3 {
      margin: 16px 0 4px;
      color: var(--text-muted);
      font-size: var(--size-small);
      font-weight: 600;
    }
    h3:first-of-type {
      margin-top: 0;
    }
    dl {
      margin: 0;
    }
    .entry {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 16px;
      min-height: 34px;
      border-bottom: 1px solid var(--border);
    }
    .entry:last-child {
      border-bottom: 0;
    }
    dd {
      display: flex;
      flex: none;
      gap: 10px;
      margin: 0;
    }
    .chord {
      display: flex;
      gap: 4px;
    }
  `,
})
export class ShortcutsDialog {
  private readonly settings = inject(SettingsStore).settings;

  readonly closed = output();
  protected readonly shortcuts = computed(() => shortcutsWith(this.settings().runKeys));
}
