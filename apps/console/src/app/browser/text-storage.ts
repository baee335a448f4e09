/** Small texts that the browser keeps. Where it keeps nothing (blocked, full), the console works and forgets. */
export abstract class TextStorage {
  /** @throws DOMException where the user blocks storage for this page */
  protected abstract area(): Storage;

  read(key: string): string | null {
    try {
      return this.area().getItem(key);
    } catch {
      // SecurityError: the user blocks storage for this page.
      return null;
    }
  }

  /** @returns whether it was kept */
  write(key: string, value: string): boolean {
    try {
      this.area().setItem(key, value);
      return true;
    } catch {
      // SecurityError, or QuotaExceededError: nothing of the page depends on it.
      return false;
    }
  }

  remove(key: string): void {
    try {
      this.area().removeItem(key);
    } catch {
      // SecurityError: then there is nothing to remove.
    }
  }
}
