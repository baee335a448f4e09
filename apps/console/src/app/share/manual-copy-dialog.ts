import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { ModalDialog } from '../ui/dialog/modal-dialog';
import { CopyLinkCommand } from './copy-link-command';

/** The link itself, where the browser does not let the page use the clipboard. */
@Component({
  selector: 'app-manual-copy-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ModalDialog],
  template: `
    <app-modal-dialog heading="Copy the link" (closed)="command.stopShowing()">
      <p>This browser does not allow the page to copy it. The link is selected: copy it from here.</p>
      <input
        #link
        cdkFocusInitial
        class="field"
        readonly
        aria-label="Link to the script"
        [value]="command.linkToCopy() ?? ''"
        (focus)="link.select()"
      />
    </app-modal-dialog>
  `,
  styles: `
    p {
      margin: 0 0 12px;
    }
    .field {
      width: 100%;
    }
  `,
})
export class ManualCopyDialog {
  protected readonly command = inject(CopyLinkCommand);
}
