import { numbersFrom } from '../protocol/numbers-from.contract';
import { BufferedOutput } from '../run/buffered-output';
import type { RunStatus } from '../run/outcome';
import type { OutputFlow, OutputStream } from '../run/run-observer';
import { StreamedOutput } from './streamed-output';

function listened(mayRestart?: boolean) {
  const heard: [OutputStream, string][] = [];
  const starts: [string, OutputFlow][] = [];
  const listener = {
    onStart: (id: string, flow: OutputFlow) => starts.push([id, flow]),
    onOutput: (stream: OutputStream, text: string) => heard.push([stream, text]),
  };
  const output = new StreamedOutput('an-id', listener, mayRestart);
  const asked: string[] = [];
  const flowNamed = (name: string): OutputFlow => ({
    pause: () => asked.push(`${name} pauses`),
    resume: () => asked.push(`${name} resumes`),
  });
  const text = (of: OutputStream): string =>
    heard.flatMap(([stream, piece]) => (stream === of ? [piece] : [])).join('');
  return { output, heard, starts, asked, flowNamed, text };
}

/** Bytes that begin, continue and spoil characters in every way, and some of plain text and of a byte order mark. */
const BYTES = Buffer.from('410a80bfc1c3e0e282aceda0efbbbff09f9880f490f8ff', 'hex');
const STREAMS = ['stdout', 'stderr'] as const;
const CASES = 3_000;

/** Returns what a script may print, cut anywhere. */
function piecesFrom(random: (below: number) => number): [OutputStream, Buffer][] {
  const byte = (): number => (random(6) ? (BYTES[random(BYTES.length)] ?? 0) : random(256));
  return Array.from({ length: random(12) }, () => [
    STREAMS[random(2)] ?? 'stdout',
    Buffer.from(Array.from({ length: 1 + random(5) }, byte)),
  ]);
}

describe('StreamedOutput', () => {
  it('tells of the start with a flow by which the output is held back', () => {
    const { output, starts, asked, flowNamed } = listened();
    output.onBegin(flowNamed('run'));
    expect(starts.map(([id]) => id)).toEqual(['an-id']);
    starts[0]?.[1].pause();
    starts[0]?.[1].resume();
    expect(asked).toEqual(['run pauses', 'run resumes']);
  });

  it('cuts no character in two, and keeps the streams apart', () => {
    const { output, heard } = listened();
    output.onOutput('stdout', Buffer.from([0x61, 0xe2, 0x82]));
    output.onOutput('stderr', Buffer.from('careful'));
    output.onOutput('stdout', Buffer.from([0xac]));
    expect(heard).toEqual([
      ['stdout', 'a'],
      ['stderr', 'careful'],
      ['stdout', '€'],
    ]);
  });

  it.each(['OK', 'TIMEOUT', 'OUTPUT_LIMIT'] satisfies RunStatus[])(
    'passes on what an answer as a whole would have, whatever bytes come in whatever pieces (%s)',
    (status) => {
      const next = numbersFrom(16);
      for (let index = 0; index < CASES; index++) {
        const pieces = piecesFrom((below) => Math.floor(next() * below));
        const { output, text } = listened();
        const buffered = new BufferedOutput();
        for (const [stream, bytes] of pieces) {
          output.onOutput(stream, bytes);
          buffered.onOutput(stream, bytes);
        }
        expect(output.conclude(status)).toEqual({});
        const [stdout, stderr] = [text('stdout'), text('stderr')];
        expect([pieces, { stdout, stderr }]).toEqual([pieces, buffered.conclude(status)]);
        expect(output.sizes).toMatchObject({ stdoutChars: stdout.length, stderrChars: stderr.length });
      }
    },
  );

  it('lets a run begin again of which nothing was passed on, and tells of no second start', () => {
    const { output, starts, heard, asked, flowNamed } = listened();
    output.onBegin(flowNamed('first'));
    output.onOutput('stdout', Buffer.from([0xe2]));
    starts[0]?.[1].pause();
    expect(output.onRestart()).toBe(true);
    output.onBegin(flowNamed('second'));
    output.onOutput('stdout', Buffer.from('x'));
    starts[0]?.[1].resume();
    expect(starts).toHaveLength(1);
    expect(heard).toEqual([['stdout', 'x']]);
    // What the reader had asked for holds for the second, too.
    expect(asked).toEqual(['first pauses', 'second pauses', 'second resumes']);
  });

  it('lets no run begin again of which something was passed on', () => {
    const { output } = listened();
    output.onOutput('stderr', Buffer.from('x'));
    expect(output.onRestart()).toBe(false);
  });

  it('lets none begin again that may not, whatever was passed on', () => {
    const { output, flowNamed } = listened(false);
    expect(output.onRestart()).toBe(false);
    output.onBegin(flowNamed('run'));
    expect(output.onRestart()).toBe(false);
  });

  it('keeps what a listener throws from the runner, tells it at the end, and says no more', () => {
    const onOutput = jest.fn(() => {
      throw new Error('the listener is broken');
    });
    const output = new StreamedOutput('an-id', { onStart: () => undefined, onOutput });
    output.onOutput('stdout', Buffer.from('x'));
    output.onOutput('stdout', Buffer.from('y'));
    expect(onOutput).toHaveBeenCalledTimes(1);
    expect(() => output.conclude('OK')).toThrow('the listener is broken');
  });
});
