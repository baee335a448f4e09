import { computed, inject, Injectable } from '@angular/core';
import { SettingsStore } from '../settings/settings-store';
import { ConsoleConfiguration } from './console-configuration';

/** The API's address in force: the user's own, else the one that the page was served with. */
@Injectable({ providedIn: 'root' })
export class ApiAddress {
  private readonly settings = inject(SettingsStore);
  private readonly configuration = inject(ConsoleConfiguration);

  /** The address as configured, perhaps relative to the page; null until `config.json` has been read. */
  readonly current = computed(() => this.settings.settings().apiUrl ?? this.configuration.apiUrl());

  /** The address as soon as it is known. */
  async settled(): Promise<string> {
    const chosen = this.settings.settings().apiUrl;
    return chosen ?? (await this.configuration.loaded);
  }
}
