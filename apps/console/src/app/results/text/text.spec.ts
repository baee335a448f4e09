import { spansOf, type StyledText } from './styled-text';
import { contrast, PALETTE, readableOn } from './terminal-palette';
import { readTerminalText } from './terminal-text';
import { cutIntoRows, endOfRow } from './text-rows';

const ESC = '\u001b';

function pieces(output: string): string[] {
  const styled = readTerminalText(output);
  return spansOf(styled, 0, styled.text.length).map(({ text, style }) => {
    const colors = [style.mixed, style.color, style.background].filter((color) => color !== undefined);
    return `${text}|${[style.className, ...colors].filter(Boolean).join(' ')}`;
  });
}

describe('readTerminalText', () => {
  it('leaves a text without sequences as it is', () => {
    expect(readTerminalText('a <b>x</b>\n').text).toBe('a <b>x</b>\n');
  });

  it('follows named colours and weights until they are reset', () => {
    expect(pieces(`a${ESC}[1;31mb${ESC}[22mc${ESC}[0md${ESC}[94;3;4me${ESC}[mf`)).toEqual([
      'a|',
      'b|bold color-1',
      'c|color-1',
      'd|',
      'e|italic underline color-12',
      'f|',
    ]);
  });

  it('follows 256 and true colours, with semicolons and with colons', () => {
    expect(pieces(`${ESC}[38;5;9ma${ESC}[38;5;196mb${ESC}[38;2;1;2;3mc${ESC}[38:2::4:5:6md`)).toEqual([
      'a|color-9',
      'b|mixed rgb(255 0 0)',
      'c|mixed rgb(1 2 3)',
      'd|mixed rgb(4 5 6)',
    ]);
  });

  it('keeps a text readable on the ground that the program chose', () => {
    expect(pieces(`${ESC}[43ma${ESC}[31;41mb`)).toEqual([
      'a|rgb(18 22 25) rgb(214 160 40)',
      'b|rgb(255 255 255) rgb(197 48 58)',
    ]);
    for (const ground of PALETTE) {
      for (const wanted of [null, ...PALETTE]) {
        expect(contrast(ground, readableOn(ground, wanted))).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('swaps colour and ground for inverse text', () => {
    expect(pieces(`${ESC}[7ma${ESC}[31mb`)).toEqual(['a|inverse', 'b|rgb(255 255 255) rgb(197 48 58)']);
  });

  it('drops every other sequence: cursor moves, titles, links, bells', () => {
    expect(
      readTerminalText(
        `${ESC}[2J${ESC}]0;title\u0007a${ESC}]8;;http://x${ESC}\\b${ESC}]8;;${ESC}\\${ESC}(B\u0007c${ESC}[?25l`,
      ).text,
    ).toBe('abc');
  });

  it('survives sequences that are cut off or wrong', () => {
    expect(readTerminalText(`a${ESC}`).text).toBe('a');
    expect(readTerminalText(`a${ESC}[31`).text).toBe('a31');
    expect(pieces(`${ESC}[38;2mb`)).toEqual(['b|mixed rgb(0 0 0)']);
    expect(pieces(`${ESC}[99;>1mb`)).toEqual(['b|']);
  });

  it('shows a line that was written over as it looked last', () => {
    expect(readTerminalText('10%\r50%\r100%\ndone').text).toBe('100%\ndone');
    expect(readTerminalText('abcdef\rxy').text).toBe('xycdef');
    expect(readTerminalText(`a long line\r${ESC}[Kshort`).text).toBe('short');
    expect(readTerminalText('ab\bc').text).toBe('ac');
    expect(pieces(`old\r${ESC}[32mnew${ESC}[0m`)).toEqual(['new|color-2']);
  });

  it('clears a line, or its beginning, without forgetting what is written afterwards', () => {
    expect(readTerminalText(`abcdef\r${ESC}[2Kxy`).text).toBe('xy');
    expect(readTerminalText(`abcdef\b\b\b${ESC}[1K`).text).toBe('    ef');
    expect(readTerminalText(`abcdef\r${ESC}[2K${ESC}[1K12`).text).toBe('12');
    expect(readTerminalText(`abcdef\b\b\b${ESC}[1K\rz${ESC}[1Ky`).text).toBe(' y  ef');
    expect(readTerminalText(`ab${ESC}[1K\rcdef`).text).toBe('cdef');
    expect(readTerminalText(`a${ESC}[2K${ESC}[2Kb`).text).toBe(' b');
  });

  // Each took minutes when its work grew with the square of the length.
  it.each([
    ['carriage returns before a character', `${'\r'.repeat(1_000_000)}x`, 'x'],
    [
      'a long line that is cleared again and again',
      `${'x'.repeat(300_000)}${`${ESC}[1K`.repeat(200_000)}y`,
      `${' '.repeat(300_000)}y`,
    ],
    ['control sequences without an end', `${ESC}[${'1;'.repeat(500_000)}`, '1;'.repeat(500_000)],
  ])('takes time in proportion to the length for %s', (_what, output, text) => {
    const since = performance.now();
    expect(readTerminalText(output).text === text).toBe(true);
    expect(performance.now() - since).toBeLessThan(5_000);
  });

  it('reads the line ends of Windows', () => {
    expect(readTerminalText('a\r\nb\r\n').text).toBe('a\nb\n');
  });
});

describe('spansOf', () => {
  it('cuts a part of a text where its styleIndexes change', () => {
    const styled: StyledText = {
      text: 'abcdef',
      starts: [1, 3],
      styleIndexes: [1, 0],
      styles: [{ className: '' }, { className: 'x' }],
    };
    const cut = (start: number, end: number): string[] =>
      spansOf(styled, start, end).map(({ text, style }) => `${text}|${style.className}`);
    expect(cut(0, 6)).toEqual(['a|', 'bc|x', 'def|']);
    expect(cut(2, 4)).toEqual(['c|x', 'd|']);
    expect(cut(4, 4)).toEqual([]);
  });
});

describe('cutIntoRows', () => {
  const rows = (text: string, columns: number): string[] => {
    const cut = cutIntoRows({ text }, columns);
    return Array.from({ length: cut.count }, (_, row) =>
      text.slice(cut.starts[row], endOfRow(text, cut, row)),
    );
  };

  it('cuts at line ends, and the last one ends the text', () => {
    expect(rows('a\n\nb\n', 80)).toEqual(['a', '', 'b']);
    expect(rows('a\n\n', 80)).toEqual(['a', '']);
    expect(rows('\n', 80)).toEqual(['']);
    expect(rows('', 80)).toEqual([]);
  });

  it('cuts lines that are longer than a row', () => {
    expect(rows('0123456789ab\nc', 10)).toEqual(['0123456789', 'ab', 'c']);
    expect(rows('0123456789', 10)).toEqual(['0123456789']);
  });

  it('knows that some characters are two columns wide, and some none', () => {
    expect(rows('漢字漢字漢字', 10)).toEqual(['漢字漢字漢', '字']);
    expect(rows('e\u0301'.repeat(10), 10)).toEqual(['e\u0301'.repeat(10)]);
    expect(rows('😀'.repeat(6), 10)).toEqual(['😀'.repeat(5), '😀']);
    expect(rows('a\tb12345', 10)).toEqual(['a\tb1', '2345']);
  });

  it('breaks a line of megabytes where nothing else does', () => {
    expect(cutIntoRows({ text: 'x'.repeat(1_000_000) }, Infinity).count).toBe(200);
  });
});
