import type { ServerResponse } from 'node:http';
import { EXECUTION, executed, failed, json, stream, TestServer } from '../testing/test-server';
import type { RunEvent } from '../results/run-event';
import type { BatchItem } from './batch-lines';
import { PycellClient } from './pycell-client';

const REQUEST = { script: 'def main():\n    return 1' };
const FIGURE = { name: 'figure-1.png', mediaType: 'image/png', sizeBytes: 1, base64: 'AA==' };
const NDJSON = 'application/x-ndjson';
const SSE = 'text/event-stream';

type Event = readonly [type: string, data: string];

const STARTED: Event = ['start', '{"id":"e1"}'];
const RESULT: Event = [
  'result',
  `{"result":{"n": 123456789012345678901, "f": 1.0},"execution":${JSON.stringify(EXECUTION)}}`,
];
const END: Event = ['end', '{}'];
const printed = (text: string): Event => ['stdout', JSON.stringify({ text })];

/** An event as the service writes it. */
const WRITERS = {
  ndjson: ([type, data]: Event): string =>
    data === '{}' ? `{"type":"${type}"}\n` : `{"type":"${type}",${data.slice(1)}\n`,
  sse: ([type, data]: Event): string => `event: ${type}\ndata: ${data}\n\n`,
};
const MEDIA = { ndjson: NDJSON, sse: SSE };

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const item of items) {
    seen.push(item);
  }
  return seen;
}

describe('A stream', () => {
  const server = new TestServer();
  let client: PycellClient;

  beforeAll(async () => {
    client = new PycellClient({ baseUrl: await server.start(), retry: false, integers: 'bigint' });
  });

  afterAll(() => server.stop());

  describe.each(['ndjson', 'sse'] as const)('of %s', (format) => {
    const write = (events: readonly Event[]): string => events.map(WRITERS[format]).join('');
    const answer = (send: (response: ServerResponse) => void): void =>
      server.on('POST /execute', stream(MEDIA[format], send));
    const run = (): AsyncGenerator<RunEvent, void> => client.stream(REQUEST, { format });

    it('tells what happens, in order and typed', async () => {
      const events: Event[] = [
        STARTED,
        printed('é 🎉\n'),
        ['stderr', '{"text":"oh"}'],
        ['progress', '{"done":0.5}'],
        ['artifact', JSON.stringify(FIGURE)],
        RESULT,
        END,
      ];
      answer((response) => response.end(write(events)));
      expect(await all(run())).toEqual([
        { type: 'start', id: 'e1' },
        { type: 'stdout', text: 'é 🎉\n' },
        { type: 'stderr', text: 'oh' },
        {
          type: 'artifact',
          artifact: { name: 'figure-1.png', mediaType: 'image/png', sizeBytes: 1, bytes: Uint8Array.of(0) },
        },
        {
          type: 'result',
          result: { n: 123456789012345678901n, f: 1 },
          resultText: '{"n": 123456789012345678901, "f": 1.0}',
          execution: EXECUTION,
        },
        { type: 'end' },
      ]);
      expect(server.asked[0]?.headers.accept).toBe(MEDIA[format]);
    });

    it('is read wherever the network cuts it, in the middle of a character too', async () => {
      const bytes = new TextEncoder().encode(write([STARTED, printed('é 🎉'), RESULT, END]));
      answer((response) => {
        response.socket?.setNoDelay(true);
        let at = 0;
        const next = (): void => {
          response.write(bytes.subarray(at, at + 1));
          at += 1;
          if (at < bytes.length) {
            setImmediate(next);
          } else {
            response.end();
          }
        };
        next();
      });
      const events = await all(run());
      expect(events.map(({ type }) => type)).toEqual(['start', 'stdout', 'result', 'end']);
      expect(events[1]).toEqual({ type: 'stdout', text: 'é 🎉' });
    });

    it('tells how the script failed as an event, by the status that its code has', async () => {
      answer((response) =>
        response.end(write([STARTED, printed('a'), ['error', JSON.stringify(failed('TIMEOUT'))], END])),
      );
      const events = await all(run());
      expect(events[2]).toMatchObject({
        type: 'error',
        error: { name: 'ScriptError', code: 'TIMEOUT', status: 422, requestId: 'r1', stdout: '' },
      });
    });

    it('tells of an error behind its start that the script may have run', async () => {
      const newer = JSON.stringify(failed('NEWER_THAN_THIS'));
      answer((response) => response.end(write([STARTED, ['error', newer], END])));
      expect((await all(run()))[1]).toMatchObject({ error: { code: 'NEWER_THAN_THIS', mayHaveRun: true } });
    });

    it('hands out an event when it comes', async () => {
      let go = (): void => undefined;
      answer((response) => {
        response.write(write([STARTED, printed('first')]));
        go = () => void response.end(write([RESULT, END]));
      });
      const events = run();
      expect((await events.next()).value).toMatchObject({ type: 'start' });
      expect((await events.next()).value).toEqual({ type: 'stdout', text: 'first' });
      go();
      expect(await all(events)).toHaveLength(2);
    });

    it.each([
      ['ends', (response: ServerResponse): unknown => response.end()],
      ['breaks', (response: ServerResponse): unknown => response.destroy()],
    ])('was cut where it %s without its last event', async (_how, stop) => {
      answer((response) =>
        response.write(write([STARTED, printed('so far')]), () => setTimeout(stop, 20, response)),
      );
      const seen: string[] = [];
      const reading = (async () => {
        for await (const event of run()) {
          seen.push(event.type);
        }
      })();
      await expect(reading).rejects.toMatchObject({ kind: 'network', code: 'ANSWER_CUT', mayHaveRun: true });
      expect(seen).toEqual(['start', 'stdout']);
    });

    it('closes its connection when the loop is left, for then the run is not wanted', async () => {
      const closed = new Promise((resolve) => {
        answer((response) => {
          response.once('close', resolve);
          response.write(write([STARTED, printed('a')]));
        });
      });
      for await (const event of run()) {
        if (event.type === 'stdout') {
          break;
        }
      }
      await closed;
    });

    it('ends with the reason of an abort', async () => {
      const controller = new AbortController();
      answer((response) => response.write(write([STARTED])));
      const events = client.stream(REQUEST, { format, signal: controller.signal });
      await events.next();
      setTimeout(() => controller.abort('enough'), 20);
      await expect(events.next()).rejects.toBe('enough');
    });

    it.each([
      ['stdout', '{"text":7}'],
      ['start', '{}'],
      ['result', '{"result":1}'],
      ['error', '{"code":7}'],
      ['artifact', '{"name":"a"}'],
      ['stdout', '[1]'],
    ])('is not believed where an event %s has the data %s', async (type, data) => {
      answer((response) => response.write(write([STARTED, [type, data], END])));
      await expect(all(run())).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
    });

    it('throws what fails before it begins', async () => {
      server.on('POST /execute', json(400, failed('POLICY_VIOLATION', { line: 1 })));
      await expect(all(run())).rejects.toMatchObject({ name: 'ScriptError', line: 1 });
    });

    it('is not taken for one where something answers as a whole', async () => {
      server.on('POST /execute', json(200, executed('1')));
      await expect(all(run())).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER', mayHaveRun: true });
    });
  });

  it('does not believe lines that are no events', async () => {
    server.on(
      'POST /execute',
      stream(NDJSON, (response) => response.write('{"type":"ping"}\n\nno event\n')),
    );
    await expect(all(client.stream(REQUEST))).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  });
});

describe('A batch', () => {
  const server = new TestServer();
  let client: PycellClient;
  const request = { ...REQUEST, inputs: [{ n: 1 }, { n: 2n ** 64n }, { n: 3 }] };
  const item = (index: number, resultText: string): string =>
    `{"index":${index},"status":200,${executed(resultText).slice(1)}\n`;
  const problem = (index: number): string =>
    `${JSON.stringify({ index, status: 422, ...failed('SCRIPT_ERROR', { stdout: 'o' }) })}\n`;

  beforeAll(async () => {
    client = new PycellClient({ baseUrl: await server.start(), retry: false });
  });

  afterAll(() => server.stop());

  it('tells each outcome as it ends, and all of them in the order of the inputs', async () => {
    server.on(
      'POST /execute/batch',
      stream(NDJSON, (response) =>
        response.end(item(2, '3') + '{"type":"ping"}\n' + problem(0) + item(1, '1.0')),
      ),
    );
    const items = await all<BatchItem>(client.batchItems(request));
    expect(items.map(({ index, status }) => [index, status])).toEqual([
      [2, 'succeeded'],
      [0, 'failed'],
      [1, 'succeeded'],
    ]);
    expect(server.asked[0]?.body).toContain('"inputs":[{"n":1},{"n":18446744073709551616},{"n":3}]');
    const whole = await client.batch<number>(request);
    expect(whole).toMatchObject([
      { index: 0, status: 'failed', error: { name: 'ScriptError', status: 422, stdout: 'o' } },
      { index: 1, status: 'succeeded', outcome: { result: 1, resultText: '1.0' } },
      { index: 2, status: 'succeeded', outcome: { result: 3 } },
    ]);
  });

  it.each([
    ['ends with fewer items than inputs', item(0, '1'), 'ANSWER_CUT'],
    ['tells of one input twice', item(0, '1') + item(0, '2'), 'UNEXPECTED_ANSWER'],
    ['tells of an input that there is not', item(3, '1'), 'UNEXPECTED_ANSWER'],
    ['says something else', '{"n":1}\n', 'UNEXPECTED_ANSWER'],
  ])('is not whole where it %s', async (_what, text, code) => {
    server.on(
      'POST /execute/batch',
      stream(NDJSON, (response) => response.end(text)),
    );
    await expect(client.batch(request)).rejects.toMatchObject({ code });
  });

  it('ends when the loop is left', async () => {
    const closed = new Promise((resolve) => {
      server.on(
        'POST /execute/batch',
        stream(NDJSON, (response) => {
          response.once('close', resolve);
          response.write(item(1, '1'));
        }),
      );
    });
    for await (const { index } of client.batchItems(request)) {
      expect(index).toBe(1);
      break;
    }
    await closed;
  });

  it('throws what is wrong with all of it', async () => {
    server.on('POST /execute/batch', json(400, failed('INVALID_REQUEST')));
    await expect(client.batch(request)).rejects.toMatchObject({ name: 'RefusedError' });
  });
});
