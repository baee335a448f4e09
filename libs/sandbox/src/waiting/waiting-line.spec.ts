import { getEventListeners } from 'node:events';
import { WaitingLine } from './waiting-line';

const never = new AbortController().signal;

describe('WaitingLine', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  it('serves whoever came first, with how long that one has waited', async () => {
    const line = new WaitingLine<string>();
    const waiting = [line.wait(never), line.wait(never)];
    jest.advanceTimersByTime(30);
    expect([line.serve((ms) => `first after ${ms}`), line.serve(() => 'second')]).toEqual([true, true]);
    expect(line.serve(() => 'nobody')).toBe(false);
    await expect(Promise.all(waiting)).resolves.toEqual(['first after 30', 'second']);
    expect(line.length).toBe(0);
  });

  it('forgets who stops waiting, and leaves nothing on the signal', async () => {
    const line = new WaitingLine<string>();
    const controller = new AbortController();
    const waiting = line.wait(controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect([line.length, getEventListeners(controller.signal, 'abort')]).toEqual([0, []]);
  });

  it('lets nobody in whose signal has aborted already', async () => {
    const line = new WaitingLine<string>();
    await expect(line.wait(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    expect(line.length).toBe(0);
  });

  it('refuses who has waited for the deadline, and leaves no timer for who was served before', async () => {
    const line = new WaitingLine<string>();
    const deadline = { ms: 100, refusal: () => new Error('too late') };
    const late = line.wait(never, deadline);
    jest.advanceTimersByTime(100);
    await expect(late).rejects.toThrow('too late');
    const served = line.wait(never, deadline);
    line.serve(() => 'in time');
    await expect(served).resolves.toBe('in time');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('refuses all', async () => {
    const line = new WaitingLine<string>();
    const waiting = [line.wait(never), line.wait(never)];
    line.refuseAll(() => new Error('closed'));
    const told = await Promise.allSettled(waiting);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('refuses whoever came last, and tells of each who leaves, wherever in the line', async () => {
    let left = 0;
    const line = new WaitingLine<string>(() => left++);
    const controller = new AbortController();
    const [first, middle, last] = [never, controller.signal, never].map((signal) => line.wait(signal));
    controller.abort(new Error('enough'));
    await expect(middle).rejects.toThrow('enough');
    line.refuseNewest(() => new Error(`${line.length} before it`));
    await expect(last).rejects.toThrow('1 before it');
    line.refuseNewest(() => new Error('the first is the last'));
    await expect(first).rejects.toThrow('the first is the last');
    line.refuseNewest(() => new Error('nobody'));
    const next = line.wait(never);
    expect([line.serve(() => 'served'), line.length, left]).toEqual([true, 0, 4]);
    await expect(next).resolves.toBe('served');
  });
});
