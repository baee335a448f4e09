import { ReadableStream } from 'node:stream/web';
import { TextDecoder, TextEncoder } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { TestBed } from '@angular/core/testing';
import { ApiAddress } from '../address/api-address';
import { FETCH } from '../browser/fetch';
import { ApiClient } from './api-client';
import type { RunOutcome } from './run-outcome';
import { RunOutput } from './run-output';
import { plainRequest } from './run-request';

// What jsdom does not have.
Object.assign(globalThis, { TextDecoder, MessageChannel });

const EXECUTION = {
  id: 'e1',
  isolation: 'nsjail',
  durationMs: 1.1,
  limits: { timeoutMs: 10_000, memoryMb: 512 },
  timings: { queueMs: 0, policyMs: 0, startMs: 0.1, runMs: 0.6, resultMs: 0.4 },
} as const;
const START = '{"type":"start","id":"e1"}\n';
const RESULT = `{"type":"result","result":{"n": 123456789012345678901, "2": 1.0, "1": []},"execution":${JSON.stringify(EXECUTION)}}\n`;
const END = '{"type":"end"}\n';
const FIGURE = { name: 'figure-1.png', mediaType: 'image/png', sizeBytes: 1, base64: 'AA==' };

const line = (event: object): string => `${JSON.stringify(event)}\n`;
const print = (text: string): string => line({ type: 'stdout', text });

/** An API whose answer the test writes. */
class StreamingApi {
  readonly output = new RunOutput();
  readonly cancelling = new AbortController();
  isGivenUp = false;
  private readonly encoder = new TextEncoder();
  private controller!: ReadableStreamDefaultController<Uint8Array>;
  private readonly body = new ReadableStream<Uint8Array>({
    start: (controller) => (this.controller = controller),
    cancel: () => {
      this.isGivenUp = true;
    },
  });

  execute(contentType = 'application/x-ndjson', status = 200): Promise<RunOutcome> {
    const { body } = this;
    const response = { status, headers: new Headers({ 'Content-Type': contentType }), body };
    const fetch = jest.fn(() => Promise.resolve(response));
    TestBed.configureTestingModule({
      providers: [
        { provide: FETCH, useValue: fetch },
        { provide: ApiAddress, useValue: { settled: () => Promise.resolve('/api') } },
      ],
    });
    this.cancelling.signal.addEventListener('abort', () => this.breakOff('aborted'));
    return TestBed.inject(ApiClient).execute(plainRequest('x'), this.cancelling.signal, this.output);
  }

  send(text: string): void {
    this.sendBytes(this.encoder.encode(text));
  }

  sendBytes(bytes: Uint8Array): void {
    this.controller.enqueue(bytes);
  }

  close(): void {
    this.controller.close();
  }

  breakOff(message: string): void {
    this.controller.error(new TypeError(message));
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('an answer that is a stream', () => {
  let api: StreamingApi;

  beforeEach(() => (api = new StreamingApi()));

  it('hands out what the script prints before it has ended', async () => {
    const outcome = api.execute('application/x-ndjson; charset=utf-8');
    let told = 0;
    api.output.onMore(() => (told += 1));
    api.send(START + print('one\n'));
    while (told === 0) await turn();
    expect(api.output.stdout.text()).toBe('one\n');
    expect(api.output.written()).toEqual(['stdout']);
    api.send(line({ type: 'stderr', text: 'oh\n' }) + print('two\n') + RESULT + END);
    api.close();
    expect(await outcome).toEqual({
      kind: 'succeeded',
      // Never parsed: every digit, and the order of the keys.
      resultText: '{"n": 123456789012345678901, "2": 1.0, "1": []}',
      stdout: 'one\ntwo\n',
      stderr: 'oh\n',
      artifacts: [],
      execution: EXECUTION,
    });
    expect(api.output.written()).toEqual(['stdout', 'stderr']);
  });

  it('reads events wherever the network cuts them, in the middle of a character too', async () => {
    const outcome = api.execute();
    const bytes = new TextEncoder().encode(
      START + print('é 🎉 {"type":"end"}\n"quoted"') + '{"type":"ping"}\n' + RESULT + END,
    );
    for (const byte of bytes) api.sendBytes(Uint8Array.of(byte));
    api.close();
    expect(await outcome).toMatchObject({ kind: 'succeeded', stdout: 'é 🎉 {"type":"end"}\n"quoted"' });
  });

  it('passes over signs of life, empty lines, and events of a newer service', async () => {
    const outcome = api.execute();
    api.send(`${START}{"type":"ping"}\n\n{"type":"progress","done":0.5}\n${print('a')}${RESULT}${END}`);
    expect(await outcome).toMatchObject({ kind: 'succeeded', stdout: 'a' });
  });

  it('has figures and files in the end', async () => {
    const outcome = api.execute();
    api.send(START + line({ type: 'artifact', ...FIGURE }) + RESULT + END);
    expect(await outcome).toMatchObject({ kind: 'succeeded', artifacts: [FIGURE] });
  });

  it('tells an error with what had been printed before it, and by the status that its code has', async () => {
    const outcome = api.execute();
    const error = { error: 'ZeroDivisionError', code: 'SCRIPT_ERROR', requestId: 'r', line: 2 };
    api.send(START + print('before\n') + line({ type: 'error', ...error }) + END);
    expect(await outcome).toEqual({
      kind: 'failed',
      status: 422,
      error: { ...error, stdout: 'before\n', stderr: '', artifacts: [] },
      retryAfterSeconds: null,
    });
  });

  it('has the status of a fault of the service, too', async () => {
    const outcome = api.execute();
    api.send(START + line({ type: 'error', error: 'x', code: 'INTERNAL', requestId: 'r' }) + END);
    expect(await outcome).toMatchObject({ kind: 'failed', status: 500 });
  });

  it('is over with its event, whatever the connection does', async () => {
    const outcome = api.execute();
    api.send(START + RESULT + END + print('more'));
    expect(await outcome).toMatchObject({ kind: 'succeeded', stdout: '' });
    api.send(print('and more'));
    // Else the test ends by its time-out.
    while (!api.isGivenUp) await turn();
  });

  it.each([
    ['ends', (): void => api.close(), ''],
    ['breaks', (): void => api.breakOff('network error'), 'network error'],
  ])(
    'was interrupted where it %s without its last event, and what came is kept',
    async (_how, stop, detail) => {
      const outcome = api.execute();
      api.send(START + print('so far\n') + line({ type: 'artifact', ...FIGURE }) + '{"type":"result","resu');
      while (api.output.stdout.length === 0) await turn();
      stop();
      expect(await outcome).toEqual({
        kind: 'unreachable',
        apiUrl: '/api',
        reason: 'interrupted',
        detail,
        received: { stdout: 'so far\n', stderr: '', artifacts: [FIGURE] },
      });
    },
  );

  it('keeps a result that has come whole, though the connection broke behind it', async () => {
    const outcome = api.execute();
    api.send(START + print('a') + RESULT);
    while (api.output.stdout.length === 0) await turn();
    api.breakOff('network error');
    expect(await outcome).toMatchObject({ kind: 'succeeded' });
  });

  it.each([
    'no event\n',
    '{"type":"stdout","text":7}\n',
    '{"type":"result","result":1}\n',
    '{"type":"error","code":7}\n',
    '[1]\n',
  ])('is given up where it says %j, and what came is kept', async (nonsense) => {
    const outcome = api.execute();
    api.send(START + print('kept') + nonsense + RESULT + END);
    expect(await outcome).toMatchObject({
      kind: 'unreachable',
      reason: 'interrupted',
      detail: 'The answer is not what pycell sends.',
      received: { stdout: 'kept' },
    });
    api.send(print('more'));
    // Else the test ends by its time-out.
    while (!api.isGivenUp) await turn();
  });

  it('keeps what had come when the user cancels', async () => {
    const outcome = api.execute();
    api.send(START + print('so far\n'));
    while (api.output.stdout.length === 0) await turn();
    api.cancelling.abort();
    expect(await outcome).toEqual({
      kind: 'cancelled',
      received: { stdout: 'so far\n', stderr: '', artifacts: [] },
    });
  });

  it('leaves the page time to draw and to cancel, however much has come at once', async () => {
    const outcome = api.execute();
    api.send(START + print('a line of some length\n').repeat(60_000));
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    while (api.output.stdout.lineCount < 1_000) await turn();
    api.cancelling.abort();
    const { kind, received } = (await outcome) as { kind: string; received: { stdout: string } };
    clearInterval(counting);
    expect(kind).toBe('cancelled');
    expect(turns).toBeGreaterThan(0);
    expect(received.stdout.length).toBeLessThan(60_000 * 22);
  });
});
