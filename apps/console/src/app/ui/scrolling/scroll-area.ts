import { DestroyRef, Directive, ElementRef, inject, signal } from '@angular/core';

/** The visible part of an element that scrolls. All in CSS pixels. */
@Directive({
  selector: '[appScrollArea]',
  exportAs: 'scrollArea',
  host: { '(scroll)': 'read()' },
})
export class ScrollArea {
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly place = signal(
    { top: 0, left: 0 },
    { equal: (a, b) => a.top === b.top && a.left === b.left },
  );
  private readonly size = signal(
    { width: 0, height: 0 },
    { equal: (a, b) => a.width === b.width && a.height === b.height },
  );

  readonly scrolled = this.place.asReadonly();
  /** Without scroll bars. */
  readonly viewport = this.size.asReadonly();

  constructor() {
    const observer = new ResizeObserver(() => {
      this.size.set({ width: this.element.clientWidth, height: this.element.clientHeight });
      // Content that has shrunk may have moved the visible part without a scroll event.
      this.read();
    });
    observer.observe(this.element);
    inject(DestroyRef).onDestroy(() => observer.disconnect());
  }

  scrollTo(place: { readonly top?: number; readonly left?: number }): void {
    this.element.scrollTo({ ...place, behavior: 'instant' });
    this.read();
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  protected read(): void {
    this.place.set({ top: this.element.scrollTop, left: this.element.scrollLeft });
  }
}
