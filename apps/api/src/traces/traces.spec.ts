import { type TraceRecorder, Traces } from './traces';

const recorder = (shutdown: () => Promise<void>): TraceRecorder => ({ record: () => undefined, shutdown });

describe('Traces', () => {
  it('are missing where they are wanted and nobody has loaded OpenTelemetry', () => {
    const loaded = recorder(() => Promise.resolve());
    expect(new Traces(true, null).areMissing).toBe(true);
    expect([new Traces(false, null), new Traces(true, loaded)].map(({ areMissing }) => areMissing)).toEqual([
      false,
      false,
    ]);
    expect([new Traces(true, null).record, new Traces(true, loaded).record]).toEqual([null, loaded.record]);
  });

  it('wait for what is delivered at the end, and not longer than two seconds', async () => {
    jest.useFakeTimers();
    let isOver = false;
    const hangs = new Traces(
      true,
      recorder(() => new Promise(() => undefined)),
    );
    const end = hangs.onApplicationShutdown().then(() => (isOver = true));
    await jest.advanceTimersByTimeAsync(1_999);
    expect(isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    await end;
    jest.useRealTimers();
  });

  it('leave no timer behind, and end the service whatever becomes of them', async () => {
    jest.useFakeTimers();
    for (const shutdown of [() => Promise.resolve(), () => Promise.reject(new Error('down'))]) {
      await new Traces(true, recorder(shutdown)).onApplicationShutdown();
    }
    await new Traces(false, null).onApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
});
