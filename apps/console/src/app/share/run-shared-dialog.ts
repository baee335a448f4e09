import { ChangeDetectionStrategy, Component, computed, inject, viewChild } from '@angular/core';
import type { IsolationLevel } from '@pycell/contracts';
import { lookUp } from '../api/look-up';
import { MetadataStore } from '../metadata/metadata-store';
import { EditorFocus } from '../script/editor-focus';
import { ScriptOrigin } from '../script/script-origin';
import { Icon } from '../ui/icons/icon';
import { RunCommand } from '../runs/run-command';
import { ModalDialog } from '../ui/dialog/modal-dialog';

const IS_ISOLATED: Readonly<Record<IsolationLevel, boolean>> = {
  none: false,
  nsjail: true,
  'nsjail-per-run': true,
  gvisor: true,
  'gvisor-per-run': true,
};

/** Asks before a script that came by a link runs for the first time. */
@Component({
  selector: 'app-run-shared-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, ModalDialog],
  template: `
    <app-modal-dialog heading="Run a script from a shared link?" (closed)="origin.stopAsking()">
      <p>You did not write this script. Run it when you have read it, or trust who sent it.</p>
      @if (isIsolated() === true) {
        <p class="muted">
          It runs in the sandbox, without network or files of yours, within the limits of the API.
        </p>
      } @else {
        <p class="warning">
          <app-icon name="alert" />
          @if (isIsolated() === false) {
            <span>This API runs scripts without isolation: it can read and change what its user can.</span>
          } @else {
            <span>
              It is not known whether this API isolates scripts. Without isolation the script can read and
              change what the user of the API can.
            </span>
          }
        </p>
      }
      <div class="acts">
        <button type="button" class="button" (click)="read()">Read it first</button>
        <button type="button" class="button primary" (click)="run()"><app-icon name="play" />Run it</button>
      </div>
    </app-modal-dialog>
  `,
  styles: `
    p {
      margin: 0 0 12px;
    }
    .muted {
      color: var(--text-muted);
    }
    .warning {
      display: flex;
      gap: 8px;
      padding: 8px 12px;
      border-radius: var(--radius);
      background: var(--warning-soft);
      color: var(--warning-text);
    }
    .acts {
      display: flex;
      justify-content: flex-end;
      gap: 8px;
      margin-top: 20px;
    }
  `,
})
export class RunSharedDialog {
  protected readonly origin = inject(ScriptOrigin);
  private readonly command = inject(RunCommand);
  private readonly metadata = inject(MetadataStore);
  private readonly focus = inject(EditorFocus);
  private readonly dialog = viewChild.required(ModalDialog);

  /** null while it is not known: the API has not answered, or has an isolation level that this page does not know. */
  protected readonly isIsolated = computed(() => {
    const isolation = this.metadata.metadata()?.isolation;
    return isolation === undefined ? null : (lookUp(IS_ISOLATED, isolation) ?? null);
  });

  protected read(): void {
    this.dialog().close();
    this.focus.focus();
  }

  protected run(): void {
    this.dialog().close();
    this.command.runAcknowledged();
  }
}
