import { resolve } from 'node:path';

const REPORTS = resolve(__dirname, '../../../../.reports');

/** Each state of the console as a picture, kept as output of CI. */
export const SCREENSHOTS = resolve(REPORTS, 'console-screenshots');
/** How the page looked, and what it said, when a test failed. */
export const FAILURES = resolve(REPORTS, 'console-failures');
/** What was measured. */
export const FIGURES = resolve(REPORTS, 'console-figures.json');

/** A file name that tells what it is about. */
export function fileNameOf(sentence: string): string {
  return sentence
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 120);
}
