import { inject, Injectable, Injector } from '@angular/core';
import { ToastStore } from '../ui/toast/toast-store';

/** Watches the fragment of the page's address; the code that opens links is loaded only where there is one. */
@Injectable({ providedIn: 'root' })
export class LinkWatcher {
  private readonly injector = inject(Injector);
  private readonly toasts = inject(ToastStore);

  watch(): void {
    void this.look();
    addEventListener('hashchange', () => void this.look());
  }

  private async look(): Promise<void> {
    const fragment = location.hash;
    if (fragment === '') return;
    const link = await this.loadOpener();
    // What could not be opened stays in the address: a reload, or a newer console, may open it.
    if (!link || !(await link.open(fragment))) return;
    // A reload is to find what the user made of the script, not the script of the link again.
    if (location.hash === fragment)
      history.replaceState(history.state, '', location.pathname + location.search);
  }

  private async loadOpener(): Promise<{ open(fragment: string): Promise<boolean> } | null> {
    try {
      const { SharedLink } = await import('./shared-link');
      return this.injector.get(SharedLink);
    } catch {
      // A part could not be fetched: no network, or a new version was deployed since the page was loaded.
      this.toasts.show({
        message:
          'The link could not be opened: a part of the page could not be loaded. Your script is saved.',
        tone: 'error',
        topic: 'script',
        action: { label: 'Reload', run: () => location.reload() },
      });
      return null;
    }
  }
}
