import type { Page } from 'playwright-core';

/** Controls that stick out of the page at the side, and whether the page scrolls there. */
export function findOverflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? [`the page is ${root.scrollWidth} px wide`] : [];
    for (const element of document.querySelectorAll('button, input, select, textarea, [role="tab"]')) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.monaco-editor'))
        continue;
      const { left, right } = element.getBoundingClientRect();
      const name = element.getAttribute('aria-label') ?? element.textContent.trim();
      if (left < 0 || right > root.clientWidth + 0.5) found.push(`${name}: ${left} to ${right}`);
    }
    return found;
  });
}
