import { LineCells } from './line-cells';
import { PLAIN, type StyledText, StyledTextBuilder, type TextStyle } from './styled-text';
import { applySgr, type Attributes, NO_ATTRIBUTES, styleOf } from './terminal-style';

const ESC = '\u001b';
/** A character that is no text: an escape sequence begins, the cursor goes back, the bell rings. */
const SPECIAL = new RegExp(`[${ESC}\r\b\u0007]`);
const SPECIALS = new RegExp(SPECIAL, 'g');
/** The cursor goes back, or the line is cleared: then the end of the line is not what was written last. */
const REWRITES = new RegExp(`[\r\b]|${ESC}\\[[012]?K`);
/** As line ends of Windows have them. A run of them is looked at once, not again from each of its characters. */
const ENDING_RETURNS = /(?<!\r)\r+(?=\n|$)/g;
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

/**
 * What a terminal would show of a program's output: colours and weights of SGR sequences; lines that were written over
 * after a carriage return, as progress bars do, as they looked last. All other sequences are dropped.
 */
export function readTerminalText(output: string): StyledText {
  if (!SPECIAL.test(output)) return { text: output, starts: [], styleIndexes: [], styles: [PLAIN] };
  return new TerminalReader().read(output);
}

class TerminalReader {
  private readonly builder = new StyledTextBuilder();
  private readonly styles: TextStyle[] = [PLAIN];
  /** Every set of attributes that has been met, and its style; the first is none at all. */
  private readonly states: { readonly attributes: Attributes; readonly styleIndex: number }[] = [
    { attributes: NO_ATTRIBUTES, styleIndex: 0 },
  ];
  private readonly numbers = new Map<string, number>([[JSON.stringify(NO_ATTRIBUTES), 0]]);
  private readonly steps = new Map<string, number>();
  private state = 0;
  private styleIndex = 0;

  read(output: string): StyledText {
    const text = output.includes('\r') ? output.replace(ENDING_RETURNS, '') : output;
    if (REWRITES.test(text)) this.readLines(text);
    else this.writeStraight(text);
    return this.builder.build(this.styles);
  }

  private readLines(text: string): void {
    for (let start = 0; start < text.length;) {
      const newline = text.indexOf('\n', start);
      const end = newline === -1 ? text.length : newline;
      const line = text.slice(start, end);
      if (REWRITES.test(line)) this.writeRewritten(line);
      else this.writeStraight(line);
      if (newline !== -1) this.builder.append('\n', this.styleIndex);
      start = end + 1;
    }
  }

  private writeStraight(line: string): void {
    this.walk(line, (text) => this.builder.append(text, this.styleIndex));
  }

  /** Keeps the line as cells, as a terminal does. */
  private writeRewritten(line: string): void {
    const cells = new LineCells();
    const write = (text: string): void => {
      for (const character of text) {
        if (character === '\r') cells.moveTo(0);
        else if (character === '\b') cells.moveTo(cells.cursor - 1);
        else cells.write(character, this.styleIndex);
      }
    };
    this.walk(line, write, (mode) => cells.clear(mode));
    for (const { character, styleIndex } of cells.shown()) this.builder.append(character, styleIndex);
  }

  /** Hands out what is text, in order, and follows the sequences between. */
  private walk(line: string, write: (text: string) => void, clear?: (mode: string) => void): void {
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
    this.styleIndex = this.states[next]?.styleIndex ?? 0;
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
