import { EXECUTION, failed } from '../testing/test-server';
import { PycellClient } from './pycell-client';

const ID = '0123456789abcdef0123456789abcdef';
const REQUEST = { script: 'def main():\n    return 1' };
const BASE_URL = 'http://pycell.test';
const LONG_MS = 600_000;
const MIB = 1_048_576;
const START = '{"type":"start","id":"e1"}\n';
const REST = `{"type":"result","result":1,"execution":${JSON.stringify(EXECUTION)}}\n{"type":"end"}\n`;

/** A service that says what a test has it say, when it says so. */
class Line {
  isCancelled = false;
  readonly isOpen: Promise<void>;
  private feed: ReadableStreamDefaultController<Uint8Array> | undefined;
  private open: () => void = () => undefined;

  constructor(
    private readonly mediaType: string,
    private readonly status = 200,
  ) {
    this.isOpen = new Promise((resolve) => (this.open = resolve));
  }

  readonly fetch = (_url: string, { signal }: RequestInit): Promise<Response> => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.feed = controller;
        this.open();
        signal?.addEventListener('abort', () => controller.error(signal.reason));
      },
      cancel: () => {
        this.isCancelled = true;
      },
    });
    return Promise.resolve(
      new Response(body, { status: this.status, headers: { 'Content-Type': this.mediaType } }),
    );
  };

  say(text: string): void {
    this.feed?.enqueue(new TextEncoder().encode(text));
  }

  end(): void {
    this.feed?.close();
  }

  break(): void {
    this.feed?.error(new TypeError('terminated'));
  }
}

/** What a promise has come to so far. */
function stateful(promise: Promise<unknown>): { readonly state: unknown } {
  const holder: { state: unknown } = { state: 'waits' };
  promise.then(
    (value) => (holder.state = value),
    (reason: unknown) => (holder.state = reason),
  );
  return holder;
}

describe('The patience of a client', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is not at its end because the reader of a stream takes long', async () => {
    const line = new Line('application/x-ndjson');
    const events = new PycellClient({ baseUrl: BASE_URL, fetch: line.fetch }).stream(REQUEST);
    const first = events.next();
    await jest.advanceTimersByTimeAsync(1_000);
    line.say(START);
    expect((await first).value).toMatchObject({ type: 'start' });
    await jest.advanceTimersByTimeAsync(LONG_MS);
    line.say(REST);
    expect((await events.next()).value).toMatchObject({ type: 'result', result: 1 });
    await jest.advanceTimersByTimeAsync(LONG_MS);
    expect((await events.next()).value).toEqual({ type: 'end' });
  });

  it('is at its end where the service does not say a word while it is listened to', async () => {
    const line = new Line('application/x-ndjson');
    const events = new PycellClient({ baseUrl: BASE_URL, fetch: line.fetch }).stream(REQUEST);
    const first = events.next();
    await jest.advanceTimersByTimeAsync(1_000);
    line.say(START);
    await first;
    const second = stateful(events.next());
    await jest.advanceTimersByTimeAsync(52_000);
    expect(second.state).toBe('waits');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(second.state).toMatchObject({ code: 'ANSWER_CUT', mayHaveRun: true });
  });

  it.each(['stream', 'batchItems', 'events'] as const)(
    'is not tried by an answer of another kind that breaks, or never ends: %s',
    async (method) => {
      for (const isBroken of [true, false]) {
        const line = new Line('text/html');
        const client = new PycellClient({ baseUrl: BASE_URL, fetch: line.fetch, retry: false });
        const asked = stateful(
          method === 'stream'
            ? client.stream(REQUEST).next()
            : method === 'batchItems'
              ? client.batchItems({ ...REQUEST, inputs: [{}] }).next()
              : client.executions.events(ID).next(),
        );
        if (isBroken) {
          setTimeout(() => line.break(), 10);
        }
        await jest.advanceTimersByTimeAsync(1_000);
        expect(asked.state).toMatchObject({ kind: 'service', code: 'UNEXPECTED_ANSWER', status: 200 });
      }
    },
  );

  it('is not tried by an error that never ends, either', async () => {
    const line = new Line('text/html', 500);
    const client = new PycellClient({ baseUrl: BASE_URL, fetch: line.fetch });
    const run = stateful(client.stream(REQUEST).next());
    await jest.advanceTimersByTimeAsync(LONG_MS / 2);
    expect(run.state).toMatchObject({ code: 'UNEXPECTED_ANSWER', status: 500, mayHaveRun: true });
    expect(line.isCancelled).toBe(true);
  });

  it.each([
    ['text/html', 65, 1_024, true],
    ['text/html', 1_100, 1, true],
    ['text/html', 60, 1_024, false],
    ['application/json', 65, MIB, true],
    ['application/json; charset=utf-8', 60, MIB, false],
    ['', 65, MIB, true],
  ])(
    'is at its end where an error goes on and on: "%s", %i pieces of %i bytes: %s',
    async (mediaType, pieces, bytes, isOver) => {
      const line = new Line(mediaType, 422);
      const run = stateful(new PycellClient({ baseUrl: BASE_URL, fetch: line.fetch }).execute(REQUEST));
      await line.isOpen;
      for (let piece = 0; piece < pieces; piece += 1) {
        line.say(' '.repeat(bytes));
      }
      // Less than the time that an error has.
      await jest.advanceTimersByTimeAsync(10_000);
      expect(line.isCancelled).toBe(isOver);
      expect(run.state).toEqual(
        isOver
          ? expect.objectContaining({ code: 'UNEXPECTED_ANSWER', status: 422, mayHaveRun: true })
          : 'waits',
      );
    },
  );

  it('is at its end where an error comes byte by byte', async () => {
    const line = new Line('application/json', 503);
    const client = new PycellClient({ baseUrl: BASE_URL, fetch: line.fetch, retry: false });
    const run = stateful(client.execute(REQUEST));
    const saying = setInterval(() => !line.isCancelled && line.say(' '), 1_000);
    await jest.advanceTimersByTimeAsync(61_000);
    clearInterval(saying);
    expect(run.state).toMatchObject({ code: 'UNEXPECTED_ANSWER', status: 503, mayHaveRun: true });
    expect(line.isCancelled).toBe(true);
  });

  it('is enough for the longest error that a service with the usual limits gives', async () => {
    const line = new Line('application/json; charset=utf-8', 422);
    const run = stateful(new PycellClient({ baseUrl: BASE_URL, fetch: line.fetch }).execute(REQUEST));
    await line.isOpen;
    const artifact = { name: 'a.bin', mediaType: 'application/octet-stream', sizeBytes: 8 * MIB };
    const body = JSON.stringify({
      ...failed('SCRIPT_ERROR'),
      stdout: '\0'.repeat(MIB),
      artifacts: [{ ...artifact, base64: Buffer.alloc(8 * MIB).toString('base64') }],
    });
    for (let sent = 0; sent < body.length; sent += 65_536) {
      line.say(body.slice(sent, sent + 65_536));
    }
    line.end();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(run.state).toMatchObject({ code: 'SCRIPT_ERROR', artifacts: [artifact] });
    expect(run.state).toHaveProperty('stdout.length', MIB);
  });

  it('ends where a host takes its time to say nothing, again and again', async () => {
    let asked = 0;
    const fetch = async (): Promise<Response> => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 15_000));
      throw new TypeError('fetch failed', { cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } });
    };
    const { executions } = new PycellClient({ baseUrl: BASE_URL, fetch, retry: false });
    const first = stateful(executions.events(ID).next());
    await jest.advanceTimersByTimeAsync(LONG_MS);
    expect(first.state).toMatchObject({ code: 'CONNECTION_FAILED' });
    expect(asked).toBe(6);
  });
});
