import { OutputLog } from './output-log';

describe('OutputLog', () => {
  it('is all that was added, in order', () => {
    const log = new OutputLog();
    const pieces = Array.from({ length: 50_000 }, (_, n) => `line ${n}\n`);
    for (const piece of pieces) log.append(piece);
    expect(log.text()).toBe(pieces.join(''));
    expect(log.length).toBe(pieces.join('').length);
    expect(log.lineCount).toBe(50_000);
  });

  it('tells each reader what came since it looked last', () => {
    const log = new OutputLog();
    const whole = Array.from({ length: 3_000 }, (_, n) => `${n} ${'x'.repeat(n % 100)}\n`).join('');
    let seen = '';
    for (let at = 0; at < whole.length; at += 997) {
      log.append(whole.slice(at, at + 997));
      if (at % 3 === 0) seen += log.since(seen.length);
    }
    expect(seen + log.since(seen.length)).toBe(whole);
    expect(log.since(log.length)).toBe('');
    for (const offset of [0, 1, 65_535, 65_536, 65_537, whole.length - 1]) {
      expect(log.since(offset)).toBe(whole.slice(offset));
    }
  });

  it('counts a line that has only begun', () => {
    const log = new OutputLog();
    expect(log.lineCount).toBe(0);
    log.append('a');
    expect(log.lineCount).toBe(1);
    log.append('b\n');
    expect(log.lineCount).toBe(1);
    log.append('');
    log.append('c');
    expect(log.lineCount).toBe(2);
  });
});
