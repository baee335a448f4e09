import { ChangeDetectionStrategy, Component, ElementRef, inject, input, output } from '@angular/core';
import type { IconName } from '../icons/icon-paths';
import { Icon } from '../icons/icon';

export interface Tab {
  readonly id: string;
  readonly name: string;
  readonly icon?: IconName;
  /** The number of items: abbreviated, and in full for screen readers. */
  readonly count?: { readonly short: string; readonly words: string };
  readonly tone?: 'error' | 'warning';
}

/**
 * Tabs by the pattern of WAI-ARIA: one stop for the Tab key, arrows, Home and End go from tab to tab. The panels carry
 * the ids that `panelId` makes.
 */
@Component({
  selector: 'app-tab-strip',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  host: { '[attr.data-variant]': 'variant()' },
  templateUrl: './tab-strip.html',
  styleUrl: './tab-strip.css',
})
export class TabStrip {
  readonly label = input.required<string>();
  readonly tabs = input.required<readonly Tab[]>();
  readonly selected = input.required<string>();
  /** Begins the ids of tabs and panels. */
  readonly prefix = input.required<string>();
  readonly variant = input<'underlined' | 'boxed'>('underlined');
  readonly choose = output<string>();

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected goByKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const tabs = this.tabs();
    const at = tabs.findIndex(({ id }) => id === this.selected());
    const target = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = target === undefined ? undefined : tabs[(target + tabs.length) % tabs.length];
    if (!tab) return;
    event.preventDefault();
    this.choose.emit(tab.id);
    this.host.querySelector<HTMLElement>(`#${tabId(this.prefix(), tab.id)}`)?.focus();
  }

  protected readonly tabId = tabId;
  protected readonly panelId = panelId;
}

export function tabId(prefix: string, tab: string): string {
  return `${prefix}-tab-${tab}`;
}

export function panelId(prefix: string, tab: string): string {
  return `${prefix}-panel-${tab}`;
}
