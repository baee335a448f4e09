import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { EXECUTION_MODES, type ExecutionMode } from '@pycell/contracts';
import { SetupStore } from '../script/setup-store';

const NAMES: Readonly<Record<ExecutionMode, string>> = { function: 'Function: main()', script: 'Script' };

/** Whether `main()` is called for its result, or the text runs as a program. */
@Component({
  selector: 'app-mode-select',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <select
      #select
      class="select mode"
      aria-label="Mode"
      title="Mode: what main() returns is the result, or the text runs as a program and its last expression is"
      (change)="choose(select.value)"
    >
      @for (mode of modes; track mode) {
        <option [value]="mode" [selected]="mode === setup.mode()">{{ names[mode] }}</option>
      }
    </select>
  `,
  styleUrl: '../ui/controls/select.css',
  styles: `
    .mode {
      height: 32px;
      border-color: transparent;
      background-color: transparent;
      color: var(--text-muted);
      font-size: var(--size-body);
      cursor: pointer;
    }
    .mode:hover {
      background-color: var(--hover);
      color: var(--text);
    }
    .mode option {
      background: var(--surface-raised);
      color: var(--text);
    }
    @media (pointer: coarse) {
      .mode {
        height: 40px;
      }
    }
    @media (max-width: 480px) {
      .mode {
        max-width: 108px;
      }
    }
    @media (max-width: 340px) {
      .mode {
        max-width: 72px;
      }
    }
  `,
})
export class ModeSelect {
  protected readonly setup = inject(SetupStore);
  protected readonly modes = EXECUTION_MODES;
  protected readonly names = NAMES;

  protected choose(value: string): void {
    const mode = EXECUTION_MODES.find((name) => name === value);
    if (mode) this.setup.change({ mode });
  }
}
