import { ChangeDetectionStrategy, Component, output } from '@angular/core';
import { ApiSettings } from '../connection/api-settings';
import { AppearanceSettings } from '../settings/appearance-settings';
import { ModalDialog } from '../ui/dialog/modal-dialog';

/** Everything that a user can set: where the API is, how the page looks, how the editor behaves. */
@Component({
  selector: 'app-settings-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ApiSettings, AppearanceSettings, ModalDialog],
  template: `
    <app-modal-dialog heading="Settings" size="medium" (closed)="closed.emit()">
      <section aria-labelledby="settings-api">
        <h3 id="settings-api">API</h3>
        <app-api-settings />
      </section>
      <section aria-labelledby="settings-look">
        <h3 id="settings-look">Appearance and editor</h3>
        <app-appearance-settings />
      </section>
    </app-modal-dialog>
  `,
  styles: `
    h3 {
      margin: 0 0 12px;
      font-size: var(--size-body);
      font-weight: 600;
    }
    section + section {
      margin-top: 28px;
    }
  `,
})
export class SettingsDialog {
  readonly closed = output();
}
