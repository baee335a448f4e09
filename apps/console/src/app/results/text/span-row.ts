import { DOCUMENT, Directive, effect, ElementRef, inject, input } from '@angular/core';
import type { TextSpan } from './styled-text';

/**
 * Fills a row with its spans. By hand, since a screen of JSON is a thousand of them and scrolling makes a screen at a
 * time. Only text nodes and known classes: what a program printed is never markup.
 */
@Directive({ selector: '[appSpanRow]' })
export class SpanRow {
  readonly spans = input.required<readonly TextSpan[]>({ alias: 'appSpanRow' });

  private readonly row = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly document = inject(DOCUMENT);

  constructor() {
    effect(() => this.row.replaceChildren(...this.spans().map((span) => this.node(span))));
  }

  private node({ text, style }: TextSpan): Node {
    const { className, mixed, color, background } = style;
    if (className === '' && background === undefined) return this.document.createTextNode(text);
    const element = this.document.createElement('span');
    element.textContent = text;
    element.className = className;
    if (mixed !== undefined) element.style.setProperty('--mixed', mixed);
    if (color !== undefined) element.style.color = color;
    if (background !== undefined) element.style.background = background;
    return element;
  }
}
