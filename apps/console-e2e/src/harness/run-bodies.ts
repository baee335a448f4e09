import type { Page } from 'playwright-core';

/** The bodies of `POST /execute` from now on, as they are sent. */
export function noteRuns(page: Page): readonly string[] {
  const bodies: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.endsWith('/execute')) bodies.push(request.postData() ?? '');
  });
  return bodies;
}
