import { InjectionToken } from '@angular/core';

/** The browser's `fetch`: the one place where tests replace the network. */
export const FETCH = new InjectionToken<typeof fetch>('fetch', {
  providedIn: 'root',
  factory: () => (input, init) => fetch(input, init),
});
