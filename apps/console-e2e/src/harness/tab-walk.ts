import type { Page } from 'playwright-core';
import { transitionsHaveEnded } from './accessibility';

/** Where the focus is. */
export interface FocusStop {
  /** Its place in the document. */
  readonly path: string;
  /** What it is, for people. */
  readonly description: string;
  /** Whether an eye sees that the focus is there. */
  readonly isVisible: boolean;
}

/** Functions for the page; must come before the page is opened. */
export async function prepareTabWalk(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const pathOf = (element: Element): string => {
      const steps: string[] = [];
      for (let at = element; at.parentElement; at = at.parentElement) {
        steps.unshift(`${at.localName}:${Array.from(at.parentElement.children).indexOf(at)}`);
      }
      return steps.join('>');
    };
    const describe = (element: Element): string =>
      `${element.getAttribute('role') ?? element.localName} "${(
        element.getAttribute('aria-label') ?? element.textContent.trim()
      ).slice(0, 60)}"`;
    Object.assign(window, {
      focusStop: (): FocusStop | null => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const isOutlined = (at: Element | null): boolean => {
          if (!at) return false;
          const { outlineStyle, outlineWidth } = getComputedStyle(at);
          return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
        };
        // A field with an icon and buttons in it is outlined as a whole.
        const hasOutline = isOutlined(element) || isOutlined(element.closest('app-find-field'));
        // The editor shows its cursor; its input is as small as a character.
        const hasCursor = element.closest('.monaco-editor.focused') !== null;
        // A line, such as the one between the panes, has no inside to put an outline around: it is drawn in the accent.
        const accent = document.head.appendChild(document.createElement('i'));
        accent.style.color = 'var(--accent)';
        const isAccented =
          getComputedStyle(element, '::after').backgroundColor === getComputedStyle(accent).color;
        accent.remove();
        return {
          path: pathOf(element),
          description: describe(element),
          isVisible: hasOutline || hasCursor || isAccented,
        };
      },
      tabStops: (): { path: string; description: string }[] =>
        Array.from(
          document.querySelectorAll<HTMLElement>(
            'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable="true"]',
          ),
        )
          .filter(
            (element) =>
              element.tabIndex >= 0 &&
              !element.matches(':disabled') &&
              element.checkVisibility({ visibilityProperty: true }) &&
              element.closest('[inert]') === null,
          )
          .map((element) => ({ path: pathOf(element), description: describe(element) })),
    });
  });
}

interface WalkFunctions {
  focusStop(): FocusStop | null;
  tabStops(): { path: string; description: string }[];
}

export async function focusStop(page: Page): Promise<FocusStop | null> {
  await transitionsHaveEnded(page);
  return page.evaluate(() => (window as unknown as WalkFunctions).focusStop());
}

/** Everything that claims to be reached by Tab. */
export function tabStops(page: Page): Promise<{ path: string; description: string }[]> {
  return page.evaluate(() => (window as unknown as WalkFunctions).tabStops());
}

/** Presses Tab, wherever the focus is, until the walk has come around. */
export async function walkByTab(page: Page, { most = 100, key = 'Tab' } = {}): Promise<FocusStop[]> {
  const stops: FocusStop[] = [];
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press(key);
    const stop = await focusStop(page);
    // Behind the last control the focus leaves the page, and comes back at the other end.
    if (stop === null) continue;
    if (stop.path === stops[0]?.path) return stops;
    stops.push(stop);
  }
  throw new Error(`No end of the walk after ${most} steps: ${stops.map((s) => s.description).join(', ')}`);
}
