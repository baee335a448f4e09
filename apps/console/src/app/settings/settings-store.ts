import { inject, Injectable, signal } from '@angular/core';
import { BrowserStorage } from '../browser/browser-storage';
import { RUN_KEYS, type RunKeys } from './run-keys';

export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

/** Editor font size, CSS pixels. */
export const FONT_SIZE_PX = { min: 10, max: 28, initial: 14 } as const;

/** What a user has set for this browser. */
export interface Settings {
  /** The API's address; null: the one that the page was served with. */
  readonly apiUrl: string | null;
  readonly theme: ThemeChoice;
  readonly fontSizePx: number;
  readonly runKeys: RunKeys;
  readonly isWordWrapped: boolean;
  readonly isMinimapShown: boolean;
}

export const INITIAL_SETTINGS: Settings = {
  apiUrl: null,
  theme: 'system',
  fontSizePx: FONT_SIZE_PX.initial,
  runKeys: 'mod-enter',
  isWordWrapped: false,
  isMinimapShown: false,
};

/** `theme.js` reads it too, before anything is painted. */
const KEY = 'pycell.settings';

/** Holds the settings, kept in the browser and in step with other tabs. */
@Injectable({ providedIn: 'root' })
export class SettingsStore {
  private readonly storage = inject(BrowserStorage);
  private readonly state = signal(readSettings(this.storage.read(KEY)));

  readonly settings = this.state.asReadonly();

  constructor() {
    this.storage.onChange(KEY, (value) => this.state.set(readSettings(value)));
  }

  update(changes: Partial<Settings>): void {
    this.state.update((settings) => ({ ...settings, ...changes }));
    this.storage.write(KEY, JSON.stringify(this.state()));
  }
}

/** Takes what is valid, since an older version of the console or a user may have written it. */
export function readSettings(text: string | null): Settings {
  const { apiUrl, theme, fontSizePx, runKeys, isWordWrapped, isMinimapShown } = parse(text);
  const { min, max, initial } = FONT_SIZE_PX;
  return {
    apiUrl: typeof apiUrl === 'string' && apiUrl !== '' ? apiUrl : null,
    theme: THEME_CHOICES.find((choice) => choice === theme) ?? INITIAL_SETTINGS.theme,
    fontSizePx:
      typeof fontSizePx === 'number' && fontSizePx >= min && fontSizePx <= max ? fontSizePx : initial,
    runKeys: RUN_KEYS.find((choice) => choice === runKeys) ?? INITIAL_SETTINGS.runKeys,
    isWordWrapped: isWordWrapped === true,
    isMinimapShown: isMinimapShown === true,
  };
}

function parse(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // SyntaxError: not written by us.
    return {};
  }
}
