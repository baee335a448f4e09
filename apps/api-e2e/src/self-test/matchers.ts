/**
 * Gives the corpus, which is written for jest, the matchers it names, outside of jest. It must be loaded before any case is.
 */
import { expect } from 'expect';

if (!('expect' in globalThis)) {
  Object.assign(globalThis, { expect });
}

/** Whether a value is what a case expects, which may hold matchers such as `expect.any(Number)`. */
export function isAsExpected(value: unknown, expected: unknown): boolean {
  try {
    expect(value).toEqual(expected);
    return true;
  } catch {
    // It throws to say no.
    return false;
  }
}
