import { Injectable } from '@angular/core';
import { TextStorage } from './text-storage';

/** What this browser keeps for all its tabs, also when they are closed. */
@Injectable({ providedIn: 'root' })
export class BrowserStorage extends TextStorage {
  /** Calls back when another tab changes the value. */
  onChange(key: string, changed: (value: string | null) => void): void {
    addEventListener('storage', (event) => {
      if (event.key === key) changed(event.newValue);
    });
  }

  protected override area(): Storage {
    return localStorage;
  }
}
