/** Major, minor, patch. */
export type Version = readonly [number, number, number];

/** From the first, included, up to the second, which is not. Null: there is no end. */
interface Interval {
  readonly from: Version;
  readonly until: Version | null;
}

/** Longer selectors are none. */
const MAX_LENGTH = 256;
const ZERO: Version = [0, 0, 0];
const COMPARATOR = /^(\^|~>?|[<>]=?|=)?v?(\d{1,9}|[xX*])(?:\.(\d{1,9}|[xX*]))?(?:\.(\d{1,9}|[xX*]))?$/;
const HYPHEN = /^(\S+) - (\S+)$/;
const OPERATOR_AND_SPACE = /([<>=^~]) /g;

/** Returns what a text such as `3.13.1` or `3.14.0rc1` says; null where it is no version. */
export function versionOf(text: string): Version | null {
  const [, major, minor, patch] = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})/.exec(text) ?? [];
  return patch === undefined ? null : [Number(major), Number(minor), Number(patch)];
}

/**
 * Whether a version is one that a selector in the notation of npm means: `3`, `3.x`, `*`, `^3.10`, `~3.12.1`, `>=3.9 <4`,
 * `3.9 - 3.12`, and several with `||` between. What is no selector means none.
 */
export function satisfies(version: Version, selector: string): boolean {
  return selector.length <= MAX_LENGTH && selector.split('||').some((part) => isWithin(version, part));
}

function isWithin(version: Version, part: string): boolean {
  const text = part.trim().replace(/\s+/g, ' ');
  if (text === '') {
    return true;
  }
  const hyphen = HYPHEN.exec(text);
  const comparators = hyphen
    ? [`>=${hyphen[1] ?? ''}`, `<=${hyphen[2] ?? ''}`]
    : text.replace(OPERATOR_AND_SPACE, '$1').split(' ');
  return comparators.every((comparator) => {
    const interval = intervalOf(comparator);
    return (
      interval !== null &&
      compare(version, interval.from) >= 0 &&
      (interval.until === null || compare(version, interval.until) < 0)
    );
  });
}

function intervalOf(comparator: string): Interval | null {
  const match = COMPARATOR.exec(comparator);
  if (!match) {
    return null;
  }
  const given = numbersOf(match.slice(2));
  const [major = 0, minor = 0, patch = 0] = given;
  const least: Version = [major, minor, patch];
  const beyond = given.length === 0 ? null : raised(least, given.length - 1);
  switch (match[1]) {
    case '>=':
      return { from: least, until: null };
    case '>':
      return beyond && { from: beyond, until: null };
    case '<':
      return { from: ZERO, until: least };
    case '<=':
      return { from: ZERO, until: beyond };
    case '^':
      return { from: least, until: beyond && raised(least, firstOf(least, given.length)) };
    case '~':
    case '~>':
      return { from: least, until: beyond && raised(least, Math.min(1, given.length - 1)) };
    default:
      return { from: least, until: beyond };
  }
}

/** Those before the first that may be any. */
function numbersOf(parts: readonly (string | undefined)[]): readonly number[] {
  const end = parts.findIndex((part) => part === undefined || !/^\d/.test(part));
  return (end === -1 ? parts : parts.slice(0, end)).map(Number);
}

/** The place of the first that is not 0, by which `^` goes; the last that was given where all are. */
function firstOf(version: Version, given: number): number {
  const first = version.slice(0, given).findIndex((number) => number !== 0);
  return first === -1 ? given - 1 : first;
}

/** The next version by one of its places, with zeros behind it. */
function raised([major, minor, patch]: Version, place: number): Version {
  if (place === 0) {
    return [major + 1, 0, 0];
  }
  return place === 1 ? [major, minor + 1, 0] : [major, minor, patch + 1];
}

function compare(one: Version, other: Version): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
