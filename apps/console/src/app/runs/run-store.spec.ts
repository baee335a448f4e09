import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ApiAddress } from '../address/api-address';
import { ApiClient } from '../api/api-client';
import type { RunOutcome } from '../api/run-outcome';
import type { RunOutput } from '../api/run-output';
import { plainRequest, type RunRequest } from '../api/run-request';
import { KeyPrompt } from '../keys/key-prompt';
import { PLAIN_SETUP } from '../script/run-setup';
import { RunStore } from './run-store';

/** Answers when told to, and cancels when asked to, as the real one does. */
class WaitingClient {
  answer: (outcome: RunOutcome) => void = () => undefined;
  readonly scripts: string[] = [];
  output: RunOutput | null = null;

  execute({ script }: RunRequest, signal: AbortSignal, output: RunOutput): Promise<RunOutcome> {
    this.scripts.push(script);
    this.output = output;
    return new Promise((resolve) => {
      this.answer = resolve;
      signal.addEventListener('abort', () => resolve({ kind: 'cancelled' }));
    });
  }
}

const OUTCOME: RunOutcome = {
  kind: 'unreachable',
  apiUrl: '/api',
  reason: 'network',
  detail: '',
};

describe('RunStore', () => {
  let client: WaitingClient;
  let store: RunStore;

  beforeEach(() => {
    jest.useFakeTimers();
    client = new WaitingClient();
    const address = { current: signal('/api'), settled: () => Promise.resolve('/api') };
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: client },
        { provide: ApiAddress, useValue: address },
      ],
    });
    store = TestBed.inject(RunStore);
  });

  afterEach(() => jest.useRealTimers());

  it('is idle before the first run', () => {
    expect(store.state()).toEqual({ kind: 'idle' });
    expect(store.outcome()).toBeNull();
  });

  it('tells the script and how long it has been running', async () => {
    const run = store.run(plainRequest('a'), PLAIN_SETUP);
    jest.advanceTimersByTime(1_250);
    expect(store.state()).toMatchObject({ kind: 'running', script: 'a' });
    expect(store.elapsedMs()).toBeGreaterThanOrEqual(1_200);
    client.answer(OUTCOME);
    await run;
  });

  it('tells the outcome with the script that it belongs to', async () => {
    const run = store.run(plainRequest('a'), PLAIN_SETUP);
    client.answer(OUTCOME);
    expect(await run).toBe(OUTCOME);
    expect(store.state()).toMatchObject({ kind: 'finished', script: 'a', outcome: OUTCOME });
    expect(store.outcome()).toBe(OUTCOME);
  });

  it('keeps the latest outcome while the next script runs', async () => {
    const first = store.run(plainRequest('a'), PLAIN_SETUP);
    client.answer(OUTCOME);
    await first;
    const second = store.run(plainRequest('b'), PLAIN_SETUP);
    expect(store.isRunning()).toBe(true);
    expect(store.outcome()).toBe(OUTCOME);
    store.cancel();
    await second;
  });

  it('hands out what the script prints, for as long as it runs', async () => {
    expect(store.output()).toBeNull();
    const run = store.run(plainRequest('a'), PLAIN_SETUP);
    client.output?.write('stdout', 'x');
    expect(store.output()?.stdout.text()).toBe('x');
    client.answer(OUTCOME);
    await run;
    expect(store.output()).toBeNull();
  });

  it('does not hand out what a script prints beside another one', async () => {
    const run = store.run(plainRequest('a'), PLAIN_SETUP);
    store.show(null);
    client.output?.write('stdout', 'x');
    expect(store.output()).toBeNull();
    await run;
  });

  it('does not run a second script beside the first', async () => {
    const run = store.run(plainRequest('a'), PLAIN_SETUP);
    expect(await store.run(plainRequest('b'), PLAIN_SETUP)).toBeNull();
    expect(client.scripts).toEqual(['a']);
    client.answer(OUTCOME);
    await run;
  });

  it('ends a cancelled run at once', async () => {
    const run = store.run(plainRequest('a'), PLAIN_SETUP);
    store.cancel();
    expect(await run).toEqual({ kind: 'cancelled' });
    expect(store.isRunning()).toBe(false);
  });

  it('never shows the end of a run beside a script that has come since', async () => {
    const run = store.run(plainRequest('a'), PLAIN_SETUP);
    const restored: RunOutcome = { ...OUTCOME, detail: 'of the other script' };
    store.show(restored);
    expect(await run).toEqual({ kind: 'cancelled' });
    expect(store.outcome()).toBe(restored);
    expect(store.state()).toMatchObject({ kind: 'finished', script: 'a', outcome: { kind: 'cancelled' } });
    const next = store.run(plainRequest('b'), PLAIN_SETUP);
    client.answer(OUTCOME);
    await next;
    expect(store.outcome()).toBe(OUTCOME);
  });

  it('never shows an answer that had come before the run could be given up', async () => {
    const run = store.run(plainRequest('a'), PLAIN_SETUP);
    client.answer(OUTCOME);
    store.show(null);
    await run;
    expect(store.outcome()).toBeNull();
    expect(store.state()).toMatchObject({ kind: 'finished', script: 'a', outcome: OUTCOME });
  });

  it('stops counting when the run has ended', async () => {
    const run = store.run(plainRequest('a'), PLAIN_SETUP);
    client.answer(OUTCOME);
    await run;
    const elapsed = store.elapsedMs();
    jest.advanceTimersByTime(1_000);
    expect(store.elapsedMs()).toBe(elapsed);
  });

  it('tells of a script that was not sent as of any other, unless another one runs', async () => {
    const refusal = { kind: 'failed', status: 400, retryAfterSeconds: null } as const;
    const refused = { ...refusal, error: { error: 'x', code: 'SCRIPT_TOO_LARGE', requestId: '' } } as const;
    store.refuse({ script: 'long', setup: PLAIN_SETUP, outcome: refused });
    expect(store.state()).toMatchObject({ kind: 'finished', script: 'long', outcome: refused });
    expect(store.outcome()).toBe(refused);
    expect(client.scripts).toEqual([]);
    const run = store.run(plainRequest('a'), PLAIN_SETUP);
    store.refuse({ script: 'long', setup: PLAIN_SETUP, outcome: refused });
    expect(store.isRunning()).toBe(true);
    client.answer(OUTCOME);
    await run;
  });

  it('cancels nothing when nothing runs', () => {
    store.cancel();
    expect(store.state()).toEqual({ kind: 'idle' });
  });

  describe('whose run is refused for its key', () => {
    const REFUSED: RunOutcome = {
      kind: 'failed',
      status: 401,
      error: { error: 'No key', code: 'UNAUTHENTICATED', requestId: 'r' },
      retryAfterSeconds: null,
    };
    let prompt: KeyPrompt;
    let run: Promise<RunOutcome | null>;

    /** Lets what waits for an answer go on. */
    const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

    beforeEach(async () => {
      sessionStorage.clear();
      store.show(OUTCOME);
      prompt = TestBed.inject(KeyPrompt);
      const apiUrl = TestBed.inject(ApiAddress).current() ?? '';
      prompt.noteRefusal({ apiUrl, code: 'UNAUTHENTICATED', message: 'No key', hadKey: false }, null);
      run = store.run(plainRequest('a'), PLAIN_SETUP);
      client.answer(REFUSED);
      await settle();
    });

    it('keeps what is shown, and the time, while it asks for one', async () => {
      expect(prompt.asked()).not.toBeNull();
      expect(store.state()).toMatchObject({ kind: 'running', script: 'a' });
      expect(store.outcome()).toBe(OUTCOME);
      jest.advanceTimersByTime(5_000);
      expect(store.elapsedMs()).toBe(0);
      prompt.answer(false);
      expect(await run).toBe(REFUSED);
      expect(store.outcome()).toBe(REFUSED);
      expect(client.scripts).toEqual(['a']);
    });

    it('sends the same again with one, and tells how long that took', async () => {
      jest.advanceTimersByTime(5_000);
      prompt.answer(true);
      await settle();
      expect(client.scripts).toEqual(['a', 'a']);
      jest.advanceTimersByTime(100);
      client.answer(OUTCOME);
      expect(await run).toBe(OUTCOME);
      expect(store.elapsedMs()).toBeLessThan(1_000);
    });

    it('asks no longer when it is cancelled', async () => {
      store.cancel();
      expect(await run).toBe(REFUSED);
      expect(prompt.asked()).toBeNull();
    });
  });
});
