import { computed, effect, inject, Injectable, signal } from '@angular/core';
import { SettingsStore } from './settings-store';

/** Which of the two themes is shown: the user's choice, else the system's. */
@Injectable({ providedIn: 'root' })
export class ThemeStore {
  private readonly settings = inject(SettingsStore);
  private readonly systemIsDark = signal(false);

  readonly choice = computed(() => this.settings.settings().theme);
  readonly shown = computed<'light' | 'dark'>(() => {
    const choice = this.choice();
    if (choice !== 'system') return choice;
    return this.systemIsDark() ? 'dark' : 'light';
  });

  constructor() {
    const preference = matchMedia('(prefers-color-scheme: dark)');
    this.systemIsDark.set(preference.matches);
    preference.addEventListener('change', ({ matches }) => this.systemIsDark.set(matches));
    effect(() => {
      // The style sheets follow `color-scheme`, which this attribute sets; without it they follow the system.
      const choice = this.choice();
      if (choice === 'system') delete document.documentElement.dataset['theme'];
      else document.documentElement.dataset['theme'] = choice;
    });
  }

  /** Shows the other theme, and stays with the system where that is what the system shows. */
  toggle(): void {
    const wanted = this.shown() === 'dark' ? 'light' : 'dark';
    const systemShows = this.systemIsDark() ? 'dark' : 'light';
    this.settings.update({ theme: wanted === systemShows ? 'system' : wanted });
  }
}
