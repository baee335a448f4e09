import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  viewChild,
} from '@angular/core';
import { Icon } from '../ui/icons/icon';
import type { RunKeys } from '../settings/run-keys';
import { SettingsStore } from '../settings/settings-store';
import { rescueFocus } from '../ui/focus/focus-fallback';
import { MOD_KEY } from '../browser/platform';
import { RunCommand } from './run-command';
import { RunStore } from './run-store';

/** Most runs end sooner than that: progress is shown only after this time, milliseconds. */
const SHOW_AFTER_MS = 200;

const ARIA_KEYS: Readonly<Record<RunKeys, string>> = {
  'mod-enter': 'Control+Enter Meta+Enter',
  'shift-enter': 'Shift+Enter',
  both: 'Control+Enter Meta+Enter Shift+Enter',
};

/** Run, and cancel as soon as there is something to cancel. */
@Component({
  selector: 'app-run-controls',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <button
      #run
      type="button"
      class="button primary"
      [attr.aria-disabled]="isRunning()"
      [attr.aria-keyshortcuts]="ariaKeys()"
      (click)="command.run()"
    >
      <app-icon name="play" />
      Run
      <span class="keys" aria-hidden="true"
        ><kbd>{{ firstKey() }}</kbd
        ><kbd>↵</kbd></span
      >
    </button>
    @if (isLong()) {
      <button type="button" class="button" aria-keyshortcuts="Escape" (click)="store.cancel()">
        <app-icon name="stop" />
        Cancel
      </button>
      <span class="elapsed" role="timer" aria-label="Elapsed">{{ elapsed() }}</span>
    }
  `,
  styleUrl: './run-controls.css',
})
export class RunControls {
  protected readonly command = inject(RunCommand);
  protected readonly store = inject(RunStore);
  private readonly settings = inject(SettingsStore).settings;
  private readonly run = viewChild.required<ElementRef<HTMLButtonElement>>('run');

  private readonly runKeys = computed(() => this.settings().runKeys);
  protected readonly firstKey = computed(() => (this.runKeys() === 'shift-enter' ? '⇧' : MOD_KEY));
  protected readonly ariaKeys = computed(() => ARIA_KEYS[this.runKeys()]);
  protected readonly isRunning = this.store.isRunning;
  protected readonly isLong = computed(
    () => this.store.isRunning() && this.store.elapsedMs() >= SHOW_AFTER_MS,
  );
  protected readonly elapsed = computed(() => `${(this.store.elapsedMs() / 1000).toFixed(1)} s`);

  constructor() {
    // Cancel is removed when the run has ended.
    rescueFocus(() => this.run().nativeElement);
  }
}
