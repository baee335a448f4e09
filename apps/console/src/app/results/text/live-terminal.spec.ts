import { OutputLog } from '../../api/output-log';
import { LiveTerminal } from './live-terminal';
import { LiveText } from './live-text';
import { spansOf, type StyledText } from './styled-text';
import { readTerminalText } from './terminal-text';

const ESC = '\u001b';

/** Text and styles, whoever put them together. */
function pieces(styled: StyledText): [string, string][] {
  const joined: [string, string][] = [];
  for (const { text, style } of spansOf(styled, 0, styled.text.length)) {
    const look = JSON.stringify(style);
    const last = joined.at(-1);
    if (last?.[1] === look) last[0] += text;
    else joined.push([text, look]);
  }
  return joined;
}

function live(parts: readonly string[]): StyledText {
  const terminal = new LiveTerminal();
  for (const part of parts) {
    terminal.append(part);
    // Looking at it changes nothing.
    terminal.read();
  }
  return terminal.read();
}

const OUTPUTS: readonly string[] = [
  'plain\nlines\n\nand an open one',
  'Windows\r\nlines\r\r\n\r\nx\r\n',
  `a${ESC}[31mred\nstill red${ESC}[0m\n${ESC}[1;32mgreen`,
  ` 10%\r 50%\r100%\ndone\nabcdef\rxy`,
  `old\r${ESC}[32mnew${ESC}[0m\n${ESC}[31mlong line\r${ESC}[Kshort\nab\bc`,
  `${ESC}]0;title\u0007a${ESC}]8;;http://x${ESC}\\link${ESC}]8;;${ESC}\\${ESC}(B\n${ESC}[?25lb`,
  'é 🎉\n漢字\r🎉\n',
];

describe('LiveTerminal', () => {
  it.each(OUTPUTS)('shows of %j, wherever it is cut, what is shown of the whole', (output) => {
    const whole = pieces(readTerminalText(output));
    expect(pieces(live(Array.from(output)))).toEqual(whole);
    for (let cut = 0; cut <= output.length; cut += 1) {
      expect(pieces(live([output.slice(0, cut), output.slice(cut)]))).toEqual(whole);
    }
  });

  it('shows a line as far as it has come, and once it was written over as it looks then', () => {
    const terminal = new LiveTerminal();
    terminal.append('Loading 10%');
    expect(terminal.read().text).toBe('Loading 10%');
    terminal.append('\rLoading 20%');
    expect(terminal.read().text).toBe('Loading 20%');
    terminal.append(`\r${ESC}[Kdone`);
    expect(terminal.read().text).toBe('done');
    terminal.append('\n');
    expect(terminal.read().text).toBe('done\n');
  });

  it('does not show a sequence that has only begun', () => {
    expect(live([`a${ESC}`]).text).toBe('a');
    expect(live([`a${ESC}[3`, '1mb']).text).toBe('ab');
    expect(live([`a${ESC}]0;ti`, 'tle\u0007b']).text).toBe('ab');
  });

  it('is not held up by a sequence that never ends', () => {
    const { text } = live([`a${ESC}]0;`, 'x'.repeat(5_000), '\nseen']);
    expect(text.endsWith('seen')).toBe(true);
  });

  it('keeps no more than the last part, in its colours', () => {
    const terminal = new LiveTerminal();
    let longest = 0;
    for (let n = 0; n < 60; n += 1) {
      terminal.append(`${ESC}[3${n % 8}m${`line ${n} ${'x'.repeat(90)}\n`.repeat(1_000)}`);
      longest = Math.max(longest, terminal.read().text.length);
    }
    expect(longest).toBeLessThan(1.3 * 1024 * 1024);
    expect(terminal.isCut).toBe(true);
    const styled = terminal.read();
    const last = spansOf(styled, styled.text.length - 10, styled.text.length);
    expect(last.map(({ style }) => style.className)).toEqual(['color-3']);
    expect(styled.text.endsWith(`line 59 ${'x'.repeat(90)}\n`)).toBe(true);
  });

  it.each([
    ['a line without an end', 'x'.repeat(10_000)],
    ['one that is written over first', `\r${'y'.repeat(10_000)}`],
  ])('bounds %s', (_what, piece) => {
    const terminal = new LiveTerminal();
    for (let n = 0; n < 300; n += 1) terminal.append(n === 0 ? piece : piece.replace('\r', ''));
    expect(terminal.read().text.length).toBeLessThan(1.3 * 1024 * 1024);
    expect(terminal.isCut).toBe(true);
  });
});

describe('LiveText', () => {
  it('goes on where it was when it looked last', () => {
    const log = new OutputLog();
    const text = new LiveText(log);
    expect(text.read()).toMatchObject({ text: { text: '' }, facts: '0 lines' });
    log.append('one\ntw');
    expect(text.read()).toMatchObject({ text: { text: 'one\ntw' }, facts: '2 lines' });
    log.append('o\n');
    expect(text.read()).toMatchObject({ text: { text: 'one\ntwo\n' }, facts: '2 lines' });
  });

  it('reads only the end of what came while nobody looked', () => {
    const log = new OutputLog();
    const text = new LiveText(log);
    log.append('first\n');
    text.read();
    for (let n = 0; n < 100_000; n += 1) log.append(`line ${n} ${'x'.repeat(60)}\n`);
    const shown = text.read();
    expect(shown.facts).toBe('100,001 lines, of which the last are shown');
    expect(shown.text.text.length).toBeLessThanOrEqual(1024 * 1024);
    expect(shown.text.text).toMatch(/^line \d+ x/);
    expect(shown.text.text.endsWith(`line 99999 ${'x'.repeat(60)}\n`)).toBe(true);
  });
});
