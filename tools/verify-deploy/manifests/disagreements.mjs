import { isDeepStrictEqual } from 'node:util';

/** Gathers what does not agree, as sentences that name both sides. */
export class Disagreements {
  problems = [];

  constructor(subject) {
    this.subject = subject;
  }

  /** @param what in words; the values are put beside it */
  same(what, actual, expected) {
    if (!isDeepStrictEqual(actual, expected)) {
      this.add(`${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
    }
  }

  holds(what, condition) {
    if (!condition) {
      this.add(`${what} does not hold`);
    }
  }

  add(problem) {
    this.problems.push(`${this.subject}: ${problem}`);
  }
}

/** The environment of a container as an object; each name once. */
export function environmentOf({ env = [] }) {
  return Object.fromEntries(env.map(({ name, value }) => [name, value]));
}
