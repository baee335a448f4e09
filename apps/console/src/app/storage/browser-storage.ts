import { Injectable } from '@angular/core';

/** Small texts kept in this browser. Where it keeps nothing (blocked, full), the console works and forgets. */
@Injectable({ providedIn: 'root' })
export class BrowserStorage {
  read(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      // SecurityError: the person blocks storage for this page.
      return null;
    }
  }

  /** @returns whether it was kept */
  write(key: string, value: string): boolean {
    try {
      localStorage.setItem(key, value);
      return true;
    } catch {
      // SecurityError, or QuotaExceededError: nothing of the page depends on it.
      return false;
    }
  }

  remove(key: string): void {
    try {
      localStorage.removeItem(key);
    } catch {
      // SecurityError: then there is nothing to remove.
    }
  }

  /** Calls back when another tab changes the value. */
  onChange(key: string, changed: (value: string | null) => void): void {
    addEventListener('storage', (event) => {
      if (event.key === key) changed(event.newValue);
    });
  }
}
