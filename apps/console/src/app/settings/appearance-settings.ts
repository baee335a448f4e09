import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MOD_KEY } from '../browser/platform';
import { Icon } from '../ui/icons/icon';
import type { RunKeys } from './run-keys';
import { FONT_SIZE_PX, type Settings, SettingsStore, type ThemeChoice } from './settings-store';

interface Choice<T> {
  readonly value: T;
  readonly label: string;
}

/** How the page looks and how the editor behaves. */
@Component({
  selector: 'app-appearance-settings',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  templateUrl: './appearance-settings.html',
  styleUrl: './appearance-settings.css',
})
export class AppearanceSettings {
  private readonly store = inject(SettingsStore);

  protected readonly settings = this.store.settings;
  protected readonly fontSize = FONT_SIZE_PX;
  protected readonly themes: readonly Choice<ThemeChoice>[] = [
    { value: 'system', label: 'System' },
    { value: 'light', label: 'Light' },
    { value: 'dark', label: 'Dark' },
  ];
  protected readonly runKeys: readonly Choice<RunKeys>[] = [
    { value: 'mod-enter', label: `${MOD_KEY} Enter` },
    { value: 'shift-enter', label: 'Shift Enter' },
    { value: 'both', label: 'Both' },
  ];

  protected set(changes: Partial<Settings>): void {
    this.store.update(changes);
  }

  protected resize(stepPx: number): void {
    const { min, max } = FONT_SIZE_PX;
    this.set({ fontSizePx: Math.min(max, Math.max(min, this.settings().fontSizePx + stepPx)) });
  }
}
