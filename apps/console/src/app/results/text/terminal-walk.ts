import { PLAIN, type TextStyle } from './styled-text';
import { applySgr, type Attributes, NO_ATTRIBUTES, styleOf } from './terminal-style';

const ESC = '\u001b';
/** A character that is no text: an escape sequence begins, the cursor goes back, the bell rings. */
export const SPECIAL = new RegExp(`[${ESC}\r\b\u0007]`);
const SPECIALS = new RegExp(SPECIAL, 'g');
/** The cursor goes back, or the line is cleared: then the end of the line is not what was written last. */
export const REWRITES = new RegExp(`[\r\b]|${ESC}\\[[012]?K`);
/** As line ends of Windows have them. A run of them is looked at once, not again from each of its characters. */
export const ENDING_RETURNS = /(?<!\r)\r+(?=\n|$)/g;
/**
 * One escape sequence: control sequences, whose final letter says what they do, then those that carry a text (titles,
 * links), then all others.
 */
const SEQUENCE = new RegExp(
  [
    `${ESC}\\[([0-?]*)[ -/]*([@-~])`,
    `${ESC}\\][^\u0007${ESC}]*(?:\u0007|${ESC}\\\\)?`,
    `${ESC}[PX^_][^${ESC}]*(?:${ESC}\\\\)?`,
    `${ESC}[ -/]*[0-~]?`,
  ].join('|'),
  'y',
);
/** The same in a piece of an output, where what follows its end is not known. */
export const RETURNS_AT_BREAKS = /(?<!\r)\r+(?=\n)/g;
/**
 * What may go on in the next piece of an output: an escape sequence, returns that may belong to a line end, half a
 * character.
 */
const UNFINISHED = new RegExp(
  `(?:${ESC}(?:\\[[0-?]*[ -/]*|\\][^\u0007${ESC}]*${ESC}?|[PX^_][^${ESC}]*${ESC}?|[ -/]*)|(?<!\r)\r+|[\ud800-\udbff])$`,
);
/** Longer ones are taken as they are. UTF-16 code units. */
const MAX_UNFINISHED = 512;

/** @returns how many characters at the end may be the beginning of something */
export function unfinishedLength(output: string): number {
  return UNFINISHED.exec(output.slice(-MAX_UNFINISHED))?.[0].length ?? 0;
}

/** Walks through a program's output as a terminal does, and follows the colours and weights that it asks for. */
export class TerminalWalk {
  /** Every style that has been met. */
  readonly styles: TextStyle[] = [PLAIN];
  /** Every set of attributes that has been met, and its style; the first is none at all. */
  private readonly states: { readonly attributes: Attributes; readonly styleIndex: number }[] = [
    { attributes: NO_ATTRIBUTES, styleIndex: 0 },
  ];
  private readonly numbers = new Map<string, number>([[JSON.stringify(NO_ATTRIBUTES), 0]]);
  private readonly steps = new Map<string, number>();
  /** The attributes in force: where a walk begins again. */
  state = 0;

  /** The style in force, as a place in `styles`. */
  get styleIndex(): number {
    return this.states[this.state]?.styleIndex ?? 0;
  }

  /** Hands out what is text, in order, and follows the sequences between. */
  walk(line: string, write: (text: string) => void, clear?: (mode: string) => void): void {
    for (let at = 0; at < line.length;) {
      SPECIALS.lastIndex = at;
      const special = SPECIALS.exec(line)?.index ?? line.length;
      if (special > at) write(line.slice(at, special));
      at = special;
      const character = line.charAt(at);
      if (character === ESC) {
        SEQUENCE.lastIndex = at;
        const [sequence = ESC, parameters = '', letter = ''] = SEQUENCE.exec(line) ?? [];
        if (letter === 'm') this.setAttributes(parameters);
        else if (letter === 'K') clear?.(parameters);
        at += sequence.length;
      } else {
        if (character === '\r' || character === '\b') write(character);
        at += 1;
      }
    }
  }

  private setAttributes(parameters: string): void {
    // Programs go through the same few states again and again.
    const step = `${this.state} ${parameters}`;
    let next = this.steps.get(step);
    if (next === undefined) {
      next = this.stateAfter(parameters);
      this.steps.set(step, next);
    }
    this.state = next;
  }

  private stateAfter(parameters: string): number {
    // Private sequences, such as `>4;1m`, are about something else.
    if (!/^[\d;:]*$/.test(parameters)) return this.state;
    const attributes = applySgr(this.states[this.state]?.attributes ?? NO_ATTRIBUTES, parameters);
    const key = JSON.stringify(attributes);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const styleIndex = this.styles.push(styleOf(attributes)) - 1;
    const number = this.states.push({ attributes, styleIndex }) - 1;
    this.numbers.set(key, number);
    return number;
  }
}
