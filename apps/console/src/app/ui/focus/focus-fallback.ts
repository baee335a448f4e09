import { afterEveryRender, DestroyRef, Directive, ElementRef, inject } from '@angular/core';

/**
 * When a control is removed while it has the focus, the browser moves the focus to the document: keyboard users start
 * from the top of the page again. Moves it to another element instead. Must be called in an injection context.
 *
 * @param fallback gets the focus of the controls inside the component
 */
export function rescueFocus(fallback: () => HTMLElement | null | undefined): void {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  let focused: Element | null = null;
  const take = ({ target }: FocusEvent): void => {
    focused = target instanceof Element ? target : null;
  };
  const leave = ({ relatedTarget }: FocusEvent): void => {
    // Browsers may fire focusout when the control is removed: then nothing else has the focus.
    if (relatedTarget !== null) focused = null;
  };
  host.addEventListener('focusin', take);
  host.addEventListener('focusout', leave);
  inject(DestroyRef).onDestroy(() => {
    host.removeEventListener('focusin', take);
    host.removeEventListener('focusout', leave);
  });
  afterEveryRender({
    read: () => {
      const { activeElement } = document;
      if (!focused || focused === activeElement) return;
      const isRemoved = !focused.isConnected;
      focused = null;
      if (isRemoved && (activeElement === null || activeElement === document.body)) {
        fallback()?.focus({ preventScroll: true });
      }
    },
  });
}

/** A focusable part of the page that takes over the focus of its controls when they are removed. */
@Directive({ selector: '[appFocusFallback]' })
export class FocusFallback {
  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    rescueFocus(() => host);
  }
}
