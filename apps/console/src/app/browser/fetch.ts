import { InjectionToken } from '@angular/core';

/** The browser's `fetch`: the one seam at which tests stand in for the network. */
export const FETCH = new InjectionToken<typeof fetch>('fetch', {
  providedIn: 'root',
  factory: () => (input, init) => fetch(input, init),
});
