import { LineCells } from './line-cells';
import { PLAIN, type StyledText, StyledTextBuilder } from './styled-text';
import { ENDING_RETURNS, REWRITES, SPECIAL, TerminalWalk } from './terminal-walk';

/**
 * What a terminal would show of a program's output: colours and weights of SGR sequences; lines that were written over
 * after a carriage return, as progress bars do, as they looked last. All other sequences are dropped.
 */
export function readTerminalText(output: string): StyledText {
  if (!SPECIAL.test(output)) return { text: output, starts: [], styleIndexes: [], styles: [PLAIN] };
  const walk = new TerminalWalk();
  const builder = new StyledTextBuilder();
  const text = output.includes('\r') ? output.replace(ENDING_RETURNS, '') : output;
  if (REWRITES.test(text)) readLines(text, walk, builder);
  else writeStraight(text, walk, builder);
  return builder.build(walk.styles);
}

/** Adds lines of which some may have been written over. Returns before their ends must be gone. */
export function readLines(text: string, walk: TerminalWalk, builder: StyledTextBuilder): void {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end);
    if (REWRITES.test(line)) {
      const cells = new LineCells();
      rewrite(line, walk, cells);
      writeCells(cells, builder);
    } else {
      writeStraight(line, walk, builder);
    }
    if (newline !== -1) builder.append('\n', walk.styleIndex);
    start = end + 1;
  }
}

/** Adds a text in which nothing was written over. */
export function writeStraight(text: string, walk: TerminalWalk, builder: StyledTextBuilder): void {
  walk.walk(text, (piece) => builder.append(piece, walk.styleIndex));
}

/** Writes on a line that is kept as cells, as a terminal does. */
export function rewrite(line: string, walk: TerminalWalk, cells: LineCells): void {
  const write = (text: string): void => {
    for (const character of text) {
      if (character === '\r') cells.moveTo(0);
      else if (character === '\b') cells.moveTo(cells.cursor - 1);
      else cells.write(character, walk.styleIndex);
    }
  };
  walk.walk(line, write, (mode) => cells.clear(mode));
}

/** Adds what is seen of a line in the end. */
export function writeCells(cells: LineCells, builder: StyledTextBuilder): void {
  for (const { character, styleIndex } of cells.shown()) builder.append(character, styleIndex);
}
