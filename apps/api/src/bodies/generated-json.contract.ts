import type { Sliced } from './slices';

/** A small generator of the same numbers every time (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Random = () => number;

export function below(random: Random, count: number): number {
  return Math.floor(random() * count);
}

export function oneOf<T>(random: Random, choices: readonly T[]): T {
  return choices[below(random, choices.length)] as T;
}

const CHARACTERS = [
  'a',
  'b',
  '"',
  '\\',
  '/',
  '\n',
  '\t',
  '\u0001',
  'é',
  '€',
  '😀',
  '\u2028',
  '{',
  ']',
  ',',
  ' ',
];

/** Returns a well-formed string. */
export function someText(random: Random, most: number): string {
  return Array.from({ length: below(random, most + 1) }, () => oneOf(random, CHARACTERS)).join('');
}

/** Returns one of the ways to write a string in JSON. */
export function writtenString(random: Random, text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  const escape = (unit: number): string => {
    const digits = unit.toString(16).padStart(4, '0');
    return `\\u${random() < 0.5 ? digits : digits.toUpperCase()}`;
  };
  const isEscaped = random() < 0.5;
  const pieces = Array.from(text, (character) => {
    if (isEscaped && random() < 0.3) {
      return Array.from({ length: character.length }, (_, index) => escape(character.charCodeAt(index))).join(
        '',
      );
    }
    return character === '/' && random() < 0.5 ? '\\/' : JSON.stringify(character).slice(1, -1);
  });
  return units.length === 0 ? '""' : `"${pieces.join('')}"`;
}

function space(random: Random): string {
  return random() < 0.1 ? oneOf(random, [' ', '\n', '\t\r\n  ']) : '';
}

const SCALARS = ['0', '-0', '1.0', '1e5', '-1.25E-7', '9007199254740993', '1e400', 'true', 'false', 'null'];

/** Returns the text of some JSON value; keys of an object may be there twice. */
export function writtenValue(random: Random, depth: number): string {
  const kind = depth > 0 ? below(random, 4) : 3;
  if (kind === 0) {
    const elements = Array.from({ length: below(random, 4) }, () => writtenValue(random, depth - 1));
    return `[${space(random)}${elements.join(`${space(random)},${space(random)}`)}]`;
  }
  if (kind === 1) {
    return writtenObject(random, depth);
  }
  return kind === 2 ? writtenString(random, someText(random, 6)) : oneOf(random, SCALARS);
}

export function writtenObject(random: Random, depth: number): string {
  const members = Array.from(
    { length: below(random, 4) },
    () =>
      `${writtenString(random, someText(random, 2))}${space(random)}:${space(random)}${writtenValue(random, depth - 1)}`,
  );
  return `{${space(random)}${members.join(`,${space(random)}`)}${space(random)}}`;
}

/** Does all slices of some work; returns its result, and how many pauses there were. */
export function finish<T>(work: Sliced<T>): { readonly value: T; readonly pauses: number } {
  for (let pauses = 0; ; pauses++) {
    const step = work.next();
    if (step.done) {
      return { value: step.value, pauses };
    }
  }
}
