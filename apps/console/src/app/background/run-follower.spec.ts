import type { EventListener, HeardEvents, ListenOutcome } from '../api/executions-client';
import type { ExecutionAnswer } from '../api/asynchronous-execution';
import type { RunOutcome } from '../api/run-outcome';
import { succeeded } from '../../testing/outcomes';
import { RUN_ID } from '../../testing/background-runs';
import { type News, RunFollower } from './run-follower';

type Heard = (events: HeardEvents, listener: EventListener) => ListenOutcome | Promise<ListenOutcome>;

const FACTS = { id: RUN_ID, status: 'running', createdAt: '2026-11-30T06:00:00.000Z' } as const;
const GOES_ON: ExecutionAnswer = { kind: 'known', facts: FACTS, outcome: null };
const OVER: ExecutionAnswer = {
  kind: 'known',
  facts: { ...FACTS, status: 'succeeded', endedAt: '2026-11-30T06:00:01.000Z' },
  outcome: succeeded(),
};
const LOST: RunOutcome = { kind: 'unreachable', apiUrl: '/api', reason: 'network', detail: '' };
const WANTS_KEY: RunOutcome = {
  kind: 'failed',
  status: 401,
  error: { error: 'A key', code: 'UNAUTHENTICATED', requestId: 'r' },
  retryAfterSeconds: null,
};
const BUSY: RunOutcome = {
  kind: 'failed',
  status: 503,
  error: { error: 'Redis', code: 'SANDBOX_UNAVAILABLE', requestId: 'r' },
  retryAfterSeconds: 7,
};

/** Answers in turn; the last of each for all that follow. */
class FakeClient {
  finds: ExecutionAnswer[] = [GOES_ON];
  listens: Heard[] = [() => ({ kind: 'lost' })];
  asked = { find: 0, listen: 0 };
  readonly lastIds: string[] = [];

  find = async (): Promise<ExecutionAnswer> => {
    this.asked.find += 1;
    return Promise.resolve(nextOf(this.finds));
  };

  listen = async (_api: string, _id: string, events: HeardEvents, listener: EventListener) => {
    this.asked.listen += 1;
    this.lastIds.push(events.lastId);
    return nextOf(this.listens)(events, listener);
  };
}

function nextOf<T>(answers: T[]): T {
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

describe('RunFollower', () => {
  let client: FakeClient;
  let news: News[];
  let mayListen: boolean;
  let leaving: AbortController;
  let isOver: boolean;

  beforeEach(() => {
    jest.useFakeTimers();
    client = new FakeClient();
    news = [];
    mayListen = true;
    isOver = false;
    leaving = new AbortController();
  });

  afterEach(() => {
    leaving.abort();
    jest.useRealTimers();
  });

  async function follow(): Promise<RunFollower> {
    const follower = new RunFollower(client as never, {
      apiUrl: '/api',
      id: RUN_ID,
      signal: leaving.signal,
      mayListen: () => mayListen,
      pauseMs: () => 3_000,
      tell: (told) => news.push(told),
    });
    void follower.follow().then(() => (isOver = true));
    await after(0);
    return follower;
  }

  const after = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  it('tells what the API says, hears what it prints, and asks for what came of it when that has ended', async () => {
    client.finds = [GOES_ON, OVER];
    client.listens = [
      (events, { output, onStart }) => {
        onStart();
        output.write('stdout', 'hello');
        output.tell();
        events.lastId = '2';
        return { kind: 'ended' };
      },
    ];
    const { output } = await follow();
    expect(news).toEqual([GOES_ON, { kind: 'started' }, OVER]);
    expect(output.received().stdout).toBe('hello');
    expect(isOver).toBe(true);
  });

  it('hears a run that has ended already no more', async () => {
    client.finds = [OVER];
    await follow();
    expect(news).toEqual([OVER]);
    expect(client.asked).toEqual({ find: 1, listen: 0 });
  });

  it('goes on after a lost connection from where it had got to, waiting longer each time that nothing comes', async () => {
    client.listens = [
      (events) => {
        events.lastId = '5';
        return { kind: 'lost' };
      },
      () => ({ kind: 'lost' }),
    ];
    await follow();
    await after(500);
    expect(client.lastIds).toEqual(['', '5']);
    await after(999);
    expect(client.asked.listen).toBe(2);
    await after(1);
    expect(client.asked.listen).toBe(3);
    await after(10 * 60_000);
    const before = client.asked.listen;
    await after(30_000);
    expect(client.asked.listen - before).toBe(1);
  });

  it('asks now and then where it may not listen', async () => {
    mayListen = false;
    await follow();
    await after(2_999);
    expect(client.asked).toEqual({ find: 1, listen: 0 });
    await after(1);
    expect(client.asked).toEqual({ find: 2, listen: 0 });
  });

  it('asks instead of listening after two answers that are no stream', async () => {
    client.listens = [() => ({ kind: 'no-stream' })];
    await follow();
    await after(60_000);
    expect(client.asked.listen).toBe(2);
    expect(client.asked.find).toBeGreaterThan(10);
  });

  it('does not ask without a pause where the record is behind its events', async () => {
    client.listens = [() => ({ kind: 'ended' })];
    await follow();
    await after(2_999);
    expect(client.asked).toEqual({ find: 2, listen: 1 });
    client.finds = [OVER];
    await after(1);
    expect(isOver).toBe(true);
  });

  it.each(['find', 'listen'] as const)('tells that it is forgotten, heard by %s', async (asked) => {
    if (asked === 'find') client.finds = [{ kind: 'forgotten' }];
    else client.listens = [() => ({ kind: 'forgotten' })];
    await follow();
    expect(news.at(-1)).toEqual({ kind: 'forgotten' });
    expect(isOver).toBe(true);
  });

  it('waits for a key instead of asking on, and asks at once when it is woken', async () => {
    client.finds = [{ kind: 'refused', outcome: WANTS_KEY }, OVER];
    const follower = await follow();
    await after(5 * 60_000);
    expect(client.asked.find).toBe(1);
    follower.wake();
    await after(0);
    expect(news).toEqual([OVER]);
  });

  it('waits as long as a service says that takes nothing now', async () => {
    client.finds = [{ kind: 'refused', outcome: BUSY }, OVER];
    await follow();
    await after(6_999);
    expect(news).toEqual([]);
    await after(1);
    expect(news).toEqual([OVER]);
  });

  it('asks again where the network is away, and leaves nothing behind when it is left', async () => {
    client.finds = [{ kind: 'refused', outcome: LOST }];
    await follow();
    await after(500);
    expect(client.asked.find).toBe(2);
    leaving.abort();
    await after(0);
    expect(isOver).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });
});
