import { getEventListeners } from 'node:events';
import { abortable } from './abortable';

describe('abortable', () => {
  it('gives what the promise gives, and leaves nothing on the signal', async () => {
    const { signal } = new AbortController();
    await expect(abortable(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(abortable(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('throws the reason of the signal when that comes first', async () => {
    const controller = new AbortController();
    const waiting = abortable(new Promise(() => undefined), controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('throws the reason of a signal that has aborted already, whatever the promise holds', async () => {
    await expect(abortable(Promise.resolve(1), AbortSignal.abort(new Error('before')))).rejects.toThrow(
      'before',
    );
  });

  it('does not let a promise that is rejected later go unhandled', async () => {
    const controller = new AbortController();
    let reject!: (error: Error) => void;
    const late = new Promise<never>((_resolve, refuse) => (reject = refuse));
    const waiting = abortable(late, controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    const unhandled = jest.fn();
    process.once('unhandledRejection', unhandled);
    reject(new Error('late'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
