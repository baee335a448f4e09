import { afterEveryRender, DestroyRef, Directive, ElementRef, inject } from '@angular/core';

/**
 * When a control goes while it has the focus, the focus falls to the page: who works by keyboard starts at its top
 * again. Gives it to another element instead; must be called while a component or directive is made.
 *
 * @param heir of the controls inside of the component
 */
export function leaveFocusTo(heir: () => HTMLElement | null | undefined): void {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  let holder: Element | null = null;
  const take = ({ target }: FocusEvent): void => {
    holder = target instanceof Element ? target : null;
  };
  const leave = ({ relatedTarget }: FocusEvent): void => {
    // A browser may tell of the end of the focus when the control goes: then nothing else has it.
    if (relatedTarget !== null) holder = null;
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
      if (!holder || holder === activeElement) return;
      const isGone = !holder.isConnected;
      holder = null;
      if (isGone && (activeElement === null || activeElement === document.body)) {
        heir()?.focus({ preventScroll: true });
      }
    },
  });
}

/** A part of the page that takes the focus of its controls when they go. It must be able to have it. */
@Directive({ selector: '[appFocusHeir]' })
export class FocusHeir {
  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    leaveFocusTo(() => host);
  }
}
