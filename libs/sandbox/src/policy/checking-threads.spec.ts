import { CheckingThreads, NoThread } from './checking-threads';
import { FakeThread } from './fake-thread.contract';
import { PLAIN_TERMS } from './script-terms';

const MOST = 2;
const LIMIT_MS = 50;

describe('CheckingThreads', () => {
  let started: FakeThread[];
  let threads: CheckingThreads;
  const forEver = new AbortController().signal;
  const judge = (script = 'x', signal = forEver) =>
    threads.judge({ script, terms: PLAIN_TERMS, limitMs: LIMIT_MS }, signal);

  beforeEach(() => {
    jest.useFakeTimers();
    started = [];
    threads = new CheckingThreads(MOST, () => {
      const thread = new FakeThread();
      started.push(thread);
      return thread;
    });
  });

  afterEach(() => {
    threads.close();
    jest.useRealTimers();
  });

  it('start when they are needed, with one ahead', async () => {
    expect(started).toHaveLength(0);
    const judging = judge('a');
    started[0]?.beReady();
    await jest.advanceTimersByTimeAsync(0);
    expect(started).toHaveLength(2);
    started[0]?.approve();
    await expect(judging).resolves.toEqual({ script: 'a', refusal: null, unparsed: null, imports: [] });
    expect(started[0]?.questions).toEqual([{ script: 'a', terms: PLAIN_TERMS, limitMs: LIMIT_MS }]);
  });

  it('are never more than there are places; who finds none waits', async () => {
    const all = Promise.all([judge('a'), judge('b'), judge('c')]);
    expect(started).toHaveLength(MOST);
    started.forEach((thread) => thread.beReady());
    for (let round = 0; round < 3; round++) {
      await jest.advanceTimersByTimeAsync(0);
      started.filter(({ questions }) => questions.length > 0).forEach((thread) => thread.approve());
    }
    expect((await all).map((judgement) => judgement.script)).toEqual(['a', 'b', 'c']);
    expect(started).toHaveLength(MOST);
  });

  it('that break, or do not come to an end, have judged nothing and are replaced', async () => {
    const ends = [
      (asked: FakeThread | undefined) => Promise.resolve(asked?.exit()),
      () => jest.advanceTimersByTimeAsync(60 * LIMIT_MS),
    ];
    for (const end of ends) {
      const judging = judge();
      started.forEach((thread) => thread.beReady());
      await jest.advanceTimersByTimeAsync(0);
      const asked = started.find(({ questions, isTerminated }) => questions.length > 0 && !isTerminated);
      await end(asked);
      await expect(judging).resolves.toMatchObject({
        script: 'x',
        refusal: { message: expect.stringContaining('too complex'), violations: [] },
        imports: null,
      });
      expect(asked?.isTerminated).toBe(true);
      expect(started.filter(({ isTerminated }) => !isTerminated)).not.toHaveLength(0);
    }
  });

  it('that have grown are replaced after their judgement', async () => {
    const judging = judge('a');
    started[0]?.beReady();
    await jest.advanceTimersByTimeAsync(0);
    started[0]?.approve(true);
    await expect(judging).resolves.toMatchObject({ script: 'a' });
    expect(started[0]?.isTerminated).toBe(true);
  });

  it('that do not come up are tried again with pauses, and who waits is told in the end', async () => {
    const refused = expect(judge()).rejects.toBeInstanceOf(NoThread);
    started.forEach((thread) => thread.exit());
    expect(started).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(60);
    expect(started).toHaveLength(4);
    started.forEach((thread) => thread.exit());
    await jest.advanceTimersByTimeAsync(60);
    expect(started).toHaveLength(4);
    await jest.advanceTimersByTimeAsync(10_000);
    await refused;
  });

  it('end when they have not been needed for long', async () => {
    const all = Promise.all([judge('a'), judge('b')]);
    started.forEach((thread) => thread.beReady());
    await jest.advanceTimersByTimeAsync(0);
    started.forEach((thread) => thread.approve());
    await all;
    const left = (): number => started.filter(({ isTerminated }) => !isTerminated).length;
    await jest.advanceTimersByTimeAsync(65_000);
    expect(left()).toBe(1);
    await jest.advanceTimersByTimeAsync(330_000);
    expect(left()).toBe(0);
    expect(started).toHaveLength(MOST);
  });

  it('are not waited for by one who has gone', async () => {
    const controller = new AbortController();
    const gone = expect(judge('a', controller.signal)).rejects.toThrow('gone');
    controller.abort(new Error('gone'));
    await gone;
  });
});
