import { API_PATHS, type ExecutionEvent, STREAM_MEDIA_TYPES, type StreamFormat } from '@pycell/contracts';
import { PRELUDE } from './containment/containment-case';
import { ApiServer } from './harness/api-server';
import { describeEachBuild } from './harness/jail-support';
import { OpenAnswer, printed, streamOf } from './harness/open-answer';

const FORMATS: readonly StreamFormat[] = ['sse', 'ndjson'];
/** What ends a line, or an event, for somebody. */
const HOSTILE =
  '\n\ndata: {}\n\nevent: end\r\rdata: x\r\n\r\n\u2028\u2029\u0085\v\f\x1c\x1d\x1e\0\x7f"\\}\n{"type":"end"}\n';
const typesOf = (events: readonly ExecutionEvent[]): readonly string[] => {
  const types = events.map(({ type }) => type);
  // A text may come in several pieces.
  return types.filter((type, index) => type !== types[index - 1]);
};
const lastBut = (events: readonly ExecutionEvent[], count: number): ExecutionEvent | undefined =>
  events.at(-1 - count);

describeEachBuild('A streamed execution', (build) => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: build,
      SCRIPT_TIMEOUT: '10',
      MAX_OUTPUT_BYTES: '3000000',
      CORS_ORIGINS: 'https://app.example.org',
      SCRIPT_POLICY_ALLOW: 'os,sys',
    });
  });

  afterAll(() => server.stop());

  const stream = (
    format: StreamFormat,
    script: string,
    members: object = {},
  ): Promise<readonly ExecutionEvent[]> => streamOf(server.client.baseUrl, format, { script, ...members });

  describe.each(FORMATS)('by %s', (format) => {
    it('tells its start, output as it comes, artifacts, the result and the end, in this order', async () => {
      const script = `
import logging, time
from pathlib import Path

def main(n, pause):
    for step in range(3):
        print("step", step, flush=True)
        time.sleep(pause)
        logging.warning("warning %d", step)
        time.sleep(pause)
    Path("output/table.csv").write_text("a,b\\n")
    return {"n": n, "f": 1.0}
`;
      const turns = [
        'start',
        ...['stdout', 'stderr', 'stdout', 'stderr', 'stdout', 'stderr'],
        ...['artifact', 'result', 'end'],
      ];
      let events = await stream(format, script, { inputs: { n: 7, pause: 0.05 } });
      // What is printed within one pause may come in one piece where the machine stood still for that long.
      if (typesOf(events).length < turns.length) {
        expect(printed(events, 'stdout')).toBe('step 0\nstep 1\nstep 2\n');
        events = await stream(format, script, { inputs: { n: 7, pause: 0.5 } });
      }
      expect(typesOf(events)).toEqual(turns);
      expect(printed(events, 'stdout')).toBe('step 0\nstep 1\nstep 2\n');
      expect(printed(events, 'stderr')).toBe(
        'WARNING:root:warning 0\nWARNING:root:warning 1\nWARNING:root:warning 2\n',
      );
      const [start] = events;
      const result = lastBut(events, 1);
      expect(lastBut(events, 2)).toEqual({
        type: 'artifact',
        name: 'table.csv',
        mediaType: 'text/csv',
        sizeBytes: 4,
        base64: 'YSxiCg==',
      });
      expect(result).toEqual({
        type: 'result',
        result: { n: 7, f: 1 },
        execution: expect.any(Object) as unknown,
      });
      expect(result).toMatchObject({ execution: { id: start?.type === 'start' && start.id } });
      expect(events.at(-1)).toEqual({ type: 'end' });
    });

    it('sends what is printed at once', async () => {
      const script = 'import time\ndef main():\n    print("now", flush=True)\n    time.sleep(8)\n';
      const answer = await OpenAnswer.open(server.client.baseUrl, {
        body: { script },
        accept: STREAM_MEDIA_TYPES[format],
      });
      await answer.until((text) => text.includes('now'));
      expect(performance.now() - answer.openedAt).toBeLessThan(server.patienceMs(2_000, 7_000));
      answer.leave();
    });

    it('is never cached, sniffed or gathered, and has an id', async () => {
      const { headers, rest } = await (async () => {
        const answer = await OpenAnswer.open(server.client.baseUrl, {
          body: { script: 'def main(): return 1' },
          accept: STREAM_MEDIA_TYPES[format],
          headers: { 'X-Request-Id': 'stream-1', Origin: 'https://app.example.org' },
        });
        return { headers: answer.headers, rest: await answer.rest() };
      })();
      expect(headers).toMatchObject({
        'content-type': `${STREAM_MEDIA_TYPES[format]}; charset=utf-8`,
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
        'x-request-id': 'stream-1',
        'access-control-allow-origin': 'https://app.example.org',
      });
      expect(headers['content-encoding']).toBeUndefined();
      expect(rest).toContain('"result":1');
    });

    it('lets nothing that a script writes begin a line or an event', async () => {
      const events = await stream(
        format,
        `
from pathlib import Path

def main(hostile):
    print(hostile, end="")
    for name in ("x\\u2028y.txt", "x\\u0085y.txt", "a\\ndata: b"):
        Path("output/" + name).write_text("1")
    return {hostile: hostile, "lone": "\\ud800"}
`,
        { inputs: { hostile: HOSTILE } },
      );
      expect(typesOf(events)).toEqual(['start', 'stdout', 'artifact', 'result', 'end']);
      expect(printed(events, 'stdout')).toBe(HOSTILE);
      expect(lastBut(events, 1)).toMatchObject({ result: { [HOSTILE]: HOSTILE, lone: '\ud800' } });
    });

    it('lets nothing in the message of an error begin one', async () => {
      const script = 'class E(Exception): pass\ndef main(hostile):\n    raise E(hostile)';
      const events = await stream(format, script, { inputs: { hostile: HOSTILE } });
      expect(typesOf(events)).toEqual(['start', 'error', 'end']);
      const error = lastBut(events, 1);
      expect(error).toMatchObject({
        code: 'SCRIPT_ERROR',
        error: expect.stringContaining('data: {}') as unknown,
      });
      expect(error).not.toHaveProperty('stdout');
      expect(error).not.toHaveProperty('stderr');
    });

    if (build === 'cloud') {
      it('lets nothing begin one in a result that the script forges', async () => {
        const events = await stream(
          format,
          `${PRELUDE}
def main():
    data = result_frame('{"a": "\\u2028data: x\\u0085\\u2029"}'.encode())
    while data:
        data = data[os.write(descriptors()[-1], data):]
    time.sleep(60)
`,
        );
        expect(typesOf(events)).toEqual(['start', 'result', 'end']);
        expect(lastBut(events, 1)).toMatchObject({ result: { a: '\u2028data: x\u0085\u2029' } });
      });
    }

    it('tells an error with what the script had printed and left before', async () => {
      const events = await stream(
        format,
        'from pathlib import Path\ndef main():\n    print("before")\n    Path("output/a.txt").write_text("1")\n    return 1 / 0',
      );
      expect(typesOf(events)).toEqual(['start', 'stdout', 'artifact', 'error', 'end']);
      expect(lastBut(events, 1)).toMatchObject({
        error: 'ZeroDivisionError: division by zero (line 5)',
        code: 'SCRIPT_ERROR',
        line: 5,
        requestId: expect.any(String) as unknown,
        execution: { id: expect.any(String) as unknown },
      });
    });

    it('tells a time-out as an event, with what was printed before', async () => {
      const events = await stream(
        format,
        'def main():\n    print("before", flush=True)\n    while True: pass',
        {
          limits: { timeoutMs: 1_000 },
        },
      );
      expect(typesOf(events)).toEqual(['start', 'stdout', 'error', 'end']);
      expect(lastBut(events, 1)).toMatchObject({ code: 'TIMEOUT' });
    });

    it('sends large results, artifacts and output whole', async () => {
      const events = await stream(
        format,
        `
from pathlib import Path
def main():
    print("é" * 1_000_000)
    Path("output/big.bin").write_bytes(b"0123456789" * 500_000)
    return ["é\\u2028" * 400, 2 ** 70] * 1000
`,
      );
      expect(printed(events, 'stdout')).toBe(`${'é'.repeat(1_000_000)}\n`);
      const artifact = lastBut(events, 2);
      expect(artifact).toMatchObject({ type: 'artifact', sizeBytes: 5_000_000 });
      const bytes = Buffer.from(artifact?.type === 'artifact' ? artifact.base64 : '', 'base64');
      expect(bytes.equals(Buffer.alloc(5_000_000, '0123456789'))).toBe(true);
      expect(lastBut(events, 1)).toMatchObject({ result: { length: 2_000, 0: 'é\u2028'.repeat(400) } });
    });

    it.each<[string, string, string]>([
      ['a syntax error', 'def main(:', 'SYNTAX_ERROR'],
      ['a script that is too large', '#'.repeat(10_001), 'SCRIPT_TOO_LARGE'],
      ['a script that the policy refuses', 'import subprocess\ndef main(): pass', 'POLICY_VIOLATION'],
    ])(
      'has its own status and plain JSON where it fails before it starts: %s',
      async (_what, script, code) => {
        const answer = await OpenAnswer.open(server.client.baseUrl, {
          body: { script },
          accept: STREAM_MEDIA_TYPES[format],
        });
        expect(answer.status).toBe(400);
        expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
        expect(JSON.parse(await answer.rest())).toMatchObject({ code });
      },
    );
  });

  it.each([
    undefined,
    '*/*',
    'application/json',
    'text/html',
    'text/*',
    'application/json, text/event-stream',
  ])('is none where Accept is %j', async (accept) => {
    const answer = await OpenAnswer.open(server.client.baseUrl, {
      body: { script: 'def main(): return 1' },
      ...(accept !== undefined && { accept }),
    });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(await answer.rest())).toMatchObject({ result: 1, stdout: '' });
  });

  it('keeps digits, spelling and order of a result', async () => {
    const answer = await OpenAnswer.open(server.client.baseUrl, {
      body: { script: 'def main(): return {"z": 2**70, "a": 1e22, "m": 1.0}' },
      accept: STREAM_MEDIA_TYPES.ndjson,
    });
    expect(await answer.rest()).toMatch(
      /"result":\{"z": ?1180591620717411303424, ?"a": ?1e\+22, ?"m": ?1\.0\},"execution"/,
    );
  });

  it('is refused as any other request where body or path are wrong', async () => {
    const accept = STREAM_MEDIA_TYPES.sse;
    const broken = await OpenAnswer.open(server.client.baseUrl, { body: '{', accept });
    expect([broken.status, JSON.parse(await broken.rest())]).toMatchObject([
      400,
      { code: 'INVALID_REQUEST' },
    ]);
    const get = await server.client.get(API_PATHS.execute, { Accept: accept });
    expect(get).toMatchObject({ status: 405, body: { code: 'METHOD_NOT_ALLOWED' } });
  });
});
