import { inject, Injectable, Injector } from '@angular/core';

/** Looks at the address of the page, now and when it changes; the rest is loaded only where there is something. */
@Injectable({ providedIn: 'root' })
export class LinkWatcher {
  private readonly injector = inject(Injector);

  watch(): void {
    void this.look();
    addEventListener('hashchange', () => void this.look());
  }

  private async look(): Promise<void> {
    const fragment = location.hash;
    if (fragment === '') return;
    const { SharedLink } = await import('./shared-link');
    await this.injector.get(SharedLink).open(fragment);
    // A reload is to find what the person made of the script, not the script of the link again.
    if (location.hash === fragment)
      history.replaceState(history.state, '', location.pathname + location.search);
  }
}
