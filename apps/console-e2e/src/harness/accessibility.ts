import { readFileSync } from 'node:fs';
import type axe from 'axe-core';
import type { RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const SOURCE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** WCAG 2.2 at level AA, and what the authors of axe hold to be good practice besides. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe objects to in a page as it is now: the rule, where, and why. */
export async function findViolations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(SOURCE);
  return page.evaluate(async (tags) => {
    const { axe: engine } = window as unknown as { axe: Pick<typeof axe, 'run'> };
    const options: RunOptions = { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] };
    const { violations } = await engine.run(document, options);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
    );
  }, TAGS);
}

/** The same in the light and in the dark theme. */
export async function findViolationsInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await editorShows(page, colorScheme);
    await transitionsHaveEnded(page);
    const violations = await findViolations(page);
    found.push(...violations.map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}

/** The editor's theme follows the page's a moment later. */
async function editorShows(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.waitForFunction((scheme) => {
    const background = document.querySelector('.monaco-editor .monaco-editor-background');
    if (!background) return true;
    const [red = 0] = Array.from(getComputedStyle(background).backgroundColor.matchAll(/\d+/g), Number);
    return red > 127 === (scheme === 'light');
  }, colorScheme);
}

/** Frames without a transition after which the page is taken to be at rest: one may start what the next one shows. */
const QUIET_FRAMES = 3;

/** A colour that is still on its way has another contrast. */
export async function transitionsHaveEnded(page: Page): Promise<void> {
  await page.evaluate(async (frames) => {
    for (let quiet = 0; quiet < frames; quiet++) {
      await new Promise(requestAnimationFrame);
      const finite = document.getAnimations().filter((animation) => {
        const { endTime } = animation.effect?.getComputedTiming() ?? {};
        return endTime !== Infinity && animation.playState === 'running';
      });
      if (finite.length > 0) quiet = -1;
      await Promise.allSettled(finite.map(({ finished }) => finished));
    }
  }, QUIET_FRAMES);
}
