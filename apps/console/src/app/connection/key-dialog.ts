import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { KeyPrompt } from '../keys/key-prompt';
import { ModalDialog } from '../ui/dialog/modal-dialog';
import { KeyForm } from './key-form';
import { refusalAdvice, refusalTitle } from './key-texts';

/** Asks for the key that the API wants; what was refused is done again when it has one. */
@Component({
  selector: 'app-key-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [KeyForm, ModalDialog],
  template: `
    <app-modal-dialog heading="API key" (closed)="prompt.answer(false)">
      @if (prompt.asked(); as refusal) {
        <div id="key-reason">
          <p class="title">{{ title(refusal) }}</p>
          <p>{{ refusal.message }}</p>
          <p class="muted">{{ advice(refusal) }}</p>
        </div>
        <app-key-form reasonId="key-reason" [apiUrl]="refusal.apiUrl" (entered)="prompt.answer(true)" />
      }
    </app-modal-dialog>
  `,
  styles: `
    div {
      display: grid;
      gap: 6px;
      margin-bottom: 16px;
      overflow-wrap: anywhere;
    }
    p {
      margin: 0;
    }
    .title {
      font-weight: 600;
    }
    .muted {
      color: var(--text-muted);
    }
  `,
})
export class KeyDialog {
  protected readonly prompt = inject(KeyPrompt);
  protected readonly title = refusalTitle;
  protected readonly advice = refusalAdvice;
}
