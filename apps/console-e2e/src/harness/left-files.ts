import type { Page } from 'playwright-core';

/** A file that a script left, as the service tells of it. */
export interface LeftFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: string;
}

const EXECUTION = {
  id: 'e',
  isolation: 'none',
  durationMs: 1,
  limits: { timeoutMs: 10_000, memoryMb: 512 },
  timings: { queueMs: 0, policyMs: 0, startMs: 0, runMs: 1, resultMs: 0 },
};

/** From now on each run leaves these: what a service of ours would refuse, another one may send. */
export async function leaveFiles(
  page: Page,
  files: readonly LeftFile[],
  result: unknown = null,
): Promise<void> {
  const artifacts = files.map(({ name, mediaType, content }) => ({
    name,
    mediaType,
    sizeBytes: Buffer.byteLength(content),
    base64: Buffer.from(content).toString('base64'),
  }));
  const body = { result, stdout: '', stderr: '', artifacts, execution: EXECUTION };
  await page.route('**/execute', (route) => route.fulfill({ json: body }));
}
