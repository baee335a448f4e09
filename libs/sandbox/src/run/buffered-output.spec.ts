import { BufferedOutput } from './buffered-output';

describe('BufferedOutput', () => {
  it('keeps the streams apart and joins what was cut anywhere', () => {
    const output = new BufferedOutput();
    output.onOutput('stdout', Buffer.from([0xe2, 0x82]));
    output.onOutput('stderr', Buffer.from('careful'));
    output.onOutput('stdout', Buffer.from([0xac]));
    expect([output.text('stdout', 'OK'), output.text('stderr', 'OK')]).toEqual(['€', 'careful']);
  });

  it('keeps every byte of what came in very small and in large pieces, and not the pieces themselves', () => {
    const output = new BufferedOutput();
    const piece = Buffer.from('x');
    for (let count = 0; count < 3000; count++) {
      piece.write(String(count % 10));
      output.onOutput('stdout', piece);
    }
    output.onOutput('stdout', Buffer.alloc(100_000, 'y'));
    expect(output.text('stdout', 'OK')).toBe('0123456789'.repeat(300) + 'y'.repeat(100_000));
  });

  it('forgets what was printed by a run that begins again', () => {
    const output = new BufferedOutput();
    output.onOutput('stdout', Buffer.from('lost'));
    expect(output.onRestart()).toBe(true);
    output.onOutput('stdout', Buffer.from('kept'));
    expect(output.text('stdout', 'OK')).toBe('kept');
  });

  it('drops half of a character only where the output limit cut it', () => {
    const output = new BufferedOutput();
    output.onOutput('stdout', Buffer.from([0x61, 0xe2, 0x82]));
    expect(output.text('stdout', 'OUTPUT_LIMIT')).toBe('a');
    expect(output.text('stdout', 'OK')).toBe('a\uFFFD');
  });

  it('tells when the run is gone', async () => {
    const output = new BufferedOutput();
    output.onGone();
    await expect(output.gone).resolves.toBeUndefined();
  });
});
