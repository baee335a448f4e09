import { DestroyRef, inject, InjectionToken, type Signal, signal } from '@angular/core';

/** The script and what came of it stand beside each other; the style sheets have the same figure. */
const WIDE = '(min-width: 761px)';

/** Whether the page is wide enough for more than one thing at a time. */
export const IS_WIDE_PAGE = new InjectionToken<Signal<boolean>>('page is wide', {
  providedIn: 'root',
  factory: () => {
    const room = matchMedia(WIDE);
    const isWide = signal(room.matches);
    const follow = ({ matches }: MediaQueryListEvent): void => isWide.set(matches);
    room.addEventListener('change', follow);
    inject(DestroyRef).onDestroy(() => room.removeEventListener('change', follow));
    return isWide.asReadonly();
  },
});
