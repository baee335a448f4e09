import type { Outcome } from '../run/outcome';
import type { RunObserver } from '../run/run-observer';
import { resultWithoutRun, withOneRetry } from './one-retry';

const LOST: Outcome = { status: 'SANDBOX_UNAVAILABLE', cause: 'lost' };
const OK: Outcome = { status: 'OK', result: Buffer.from('1') };

/** An observer that notes what it hears; `mayRestart` says whether it has passed anything on. */
function observer(mayRestart = true) {
  const heard: string[] = [];
  const own: RunObserver = {
    onOutput: (stream, bytes) => heard.push(`${stream}: ${String(bytes)}`),
    onBegin: () => undefined,
    onRestart: () => {
      heard.push('restart');
      return mayRestart;
    },
    onGone: () => heard.push('gone'),
  };
  return { own, heard };
}

/** Makes attempts that come to these outcomes in turn; each prints its number, and is gone when `gone` is called. */
function attempts(...outcomes: Outcome[]) {
  const observers: RunObserver[] = [];
  const attempt = (own: RunObserver) => {
    const outcome = outcomes[observers.length] ?? LOST;
    observers.push(own);
    own.onOutput('stdout', Buffer.from(String(observers.length)));
    return Promise.resolve(resultWithoutRun(outcome, performance.now()));
  };
  return { attempt, observers };
}

describe('withOneRetry', () => {
  it('makes one attempt where that comes to an end of its own', async () => {
    const { own, heard } = observer();
    const { attempt, observers } = attempts({ status: 'TIMEOUT' });
    expect((await withOneRetry(own, () => true, attempt)).outcome.status).toBe('TIMEOUT');
    observers[0]?.onGone();
    expect(heard).toEqual(['stdout: 1', 'gone']);
  });

  it('makes a second one after a loss, and never a third', async () => {
    const { own, heard } = observer();
    const { attempt, observers } = attempts(LOST, LOST, OK);
    expect((await withOneRetry(own, () => true, attempt)).outcome).toBe(LOST);
    expect([observers.length, heard]).toEqual([2, ['stdout: 1', 'restart', 'stdout: 2']]);
  });

  it('makes a second one of a run that the host killed, and tells when that was killed too', async () => {
    const KILLED: Outcome = { status: 'KILLED' };
    const { own } = observer();
    const first = attempts(KILLED, OK);
    expect((await withOneRetry(own, () => true, first.attempt)).outcome).toBe(OK);
    const second = attempts(KILLED, KILLED, OK);
    expect((await withOneRetry(own, () => true, second.attempt)).outcome).toBe(KILLED);
    expect(second.observers).toHaveLength(2);
  });

  it.each<Outcome['status']>(['TIMEOUT', 'CANCELLED'])(
    'makes no second one of a run that ended as %s',
    async (status) => {
      const { own } = observer();
      const { attempt, observers } = attempts({ status } as Outcome, OK);
      expect((await withOneRetry(own, () => true, attempt)).outcome.status).toBe(status);
      expect(observers).toHaveLength(1);
    },
  );

  it('makes no second one when what came was passed on', async () => {
    const { own } = observer(false);
    const { attempt, observers } = attempts(LOST, OK);
    expect((await withOneRetry(own, () => true, attempt)).outcome).toBe(LOST);
    expect(observers).toHaveLength(1);
  });

  it('makes no second one when nobody wants it any more', async () => {
    const { own, heard } = observer();
    const { attempt, observers } = attempts(LOST, OK);
    await withOneRetry(own, () => false, attempt);
    expect([observers.length, heard]).toEqual([1, ['stdout: 1']]);
  });

  it('passes on nothing that a lost attempt still has to say', async () => {
    const { own, heard } = observer();
    const { attempt, observers } = attempts(LOST, OK);
    await withOneRetry(own, () => true, attempt);
    observers[0]?.onOutput('stdout', Buffer.from('late'));
    expect(heard).not.toContain('stdout: late');
  });

  it('tells that the run is gone when the host could not give what an attempt needs', async () => {
    const { own, heard } = observer();
    const attempt = (): Promise<never> => Promise.reject(new Error('ENOSPC'));
    await expect(withOneRetry(own, () => true, attempt)).rejects.toThrow('ENOSPC');
    expect(heard).toEqual(['gone']);
  });

  it('tells that the run is gone once, when every attempt is', async () => {
    const { own, heard } = observer();
    const { attempt, observers } = attempts(LOST, OK);
    await withOneRetry(own, () => true, attempt);
    observers[1]?.onGone();
    expect(heard).not.toContain('gone');
    observers[0]?.onGone();
    expect(heard.filter((word) => word === 'gone')).toHaveLength(1);
  });
});
