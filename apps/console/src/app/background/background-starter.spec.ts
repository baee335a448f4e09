import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { backgroundRun, RUN_ID } from '../../testing/background-runs';
import { ApiAddress } from '../address/api-address';
import type { ExecutionAnswer } from '../api/asynchronous-execution';
import { ExecutionsClient, type Start } from '../api/executions-client';
import type { RunOutcome } from '../api/run-outcome';
import { plainRequest } from '../api/run-request';
import { HistoryStore } from '../history/history-store';
import { KeyPrompt } from '../keys/key-prompt';
import { MetadataStore } from '../metadata/metadata-store';
import { RunStore } from '../runs/run-store';
import { PLAIN_SETUP } from '../script/run-setup';
import { ScriptStore } from '../script/script-store';
import { ToastStore } from '../ui/toast/toast-store';
import { BackgroundStarter } from './background-starter';
import { BackgroundStore } from './background-store';
import { MemoryRuns } from './memory-runs';
import { OPEN_RUNS_ARCHIVE } from './open-runs-archive';

const API = 'https://api.example/';
const PREPARED = { request: plainRequest('pass'), setup: PLAIN_SETUP };
const TAKEN: ExecutionAnswer = {
  kind: 'known',
  facts: { id: RUN_ID, status: 'queued', createdAt: new Date(60_000).toISOString() },
  outcome: null,
};
const LOST: ExecutionAnswer = {
  kind: 'refused',
  outcome: { kind: 'unreachable', apiUrl: API, reason: 'network', detail: 'no network' },
};

function refused(status: number, code: 'SANDBOX_BUSY' | 'UNAUTHENTICATED' | 'RATE_LIMITED'): ExecutionAnswer {
  const error = { error: `said ${code}`, code, requestId: 'r' };
  const outcome = {
    kind: code === 'SANDBOX_BUSY' ? 'busy' : 'failed',
    status,
    error,
    retryAfterSeconds: null,
  };
  return { kind: 'refused', outcome: outcome as RunOutcome };
}

describe('BackgroundStarter', () => {
  let archive: MemoryRuns;
  let answers: ExecutionAnswer[];
  let sent: Start[];
  /** What the browser has of the run when it is sent. */
  let listedWhenSent: number[];
  let isRunning: boolean;
  let text: string;
  const runs = { isRunning: () => isRunning, refuse: jest.fn(), shown: jest.fn(), show: jest.fn() };
  const prompt = { ask: jest.fn() };
  const history = { put: jest.fn() };
  const metadata = { refresh: jest.fn() };
  const again = jest.fn();
  const address = signal<string | null>(API);

  beforeEach(() => {
    jest.resetAllMocks();
    jest.useFakeTimers({ now: 0 });
    archive = new MemoryRuns();
    answers = [TAKEN];
    sent = [];
    listedWhenSent = [];
    isRunning = false;
    text = 'pass';
    address.set(API);
  });

  afterEach(() => jest.useRealTimers());

  function setUp(): BackgroundStarter {
    const client = {
      start: async (_apiUrl: string, start: Start) => {
        sent.push(start);
        listedWhenSent.push((await archive.runsOf(API)).length);
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        return answer;
      },
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: OPEN_RUNS_ARCHIVE, useValue: () => Promise.resolve(archive) },
        { provide: ApiAddress, useValue: { current: address, settled: () => Promise.resolve(API) } },
        { provide: ExecutionsClient, useValue: client },
        { provide: RunStore, useValue: runs },
        { provide: KeyPrompt, useValue: prompt },
        { provide: HistoryStore, useValue: history },
        { provide: MetadataStore, useValue: metadata },
        { provide: ScriptStore, useValue: { text: () => text } },
      ],
    });
    return TestBed.inject(BackgroundStarter);
  }

  async function settled(ms = 0): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) {
      TestBed.tick();
      await jest.advanceTimersByTimeAsync(turn === 0 ? ms : 0);
    }
  }

  async function start(): Promise<void> {
    void setUp().start(PREPARED, again);
    await settled();
  }

  const listed = () => TestBed.inject(BackgroundStore).runs() ?? [];
  const said = (): string =>
    TestBed.inject(ToastStore)
      .toasts()
      .map(({ message }) => message)
      .join('\n');

  it('lists a run before it is sent, and knows it by the name of the API when that has taken it', async () => {
    await start();
    expect(listedWhenSent).toEqual([1]);
    expect(listed()).toMatchObject([{ id: RUN_ID, status: 'queued', key: sent[0]?.idempotencyKey }]);
    expect(said()).toMatch(/^Started in the background/);
    // It need not be sent again.
    expect((await archive.givenOf(listed()[0]?.key ?? ''))?.body).toBeNull();
  });

  it('knows by how much the clock of the API is ahead', async () => {
    await start();
    expect(listed()[0]?.skewMs).toBe(60_000);
  });

  it('sends the same again where no answer came, under one key', async () => {
    answers = [LOST, LOST, TAKEN];
    await start();
    await settled(500);
    expect(sent).toHaveLength(2);
    await settled(2_000);
    expect(new Set(sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
    expect(listed()).toMatchObject([{ status: 'queued', skewMs: 0 }]);
  });

  it('says that there is no answer after some tries, and can try again', async () => {
    answers = [LOST];
    await start();
    await settled(10_000);
    expect(sent).toHaveLength(4);
    const [run] = listed();
    expect(run).toMatchObject({ status: 'unanswered' });
    expect(run?.why).toMatch(/no network\.$/);
    expect(said()).toMatch(/has not answered/);
    answers = [TAKEN];
    // Twice, as a double click does.
    if (run) void TestBed.inject(BackgroundStarter).again(run);
    if (run) void TestBed.inject(BackgroundStarter).again(run);
    await settled();
    expect(listed()).toMatchObject([{ status: 'queued', why: '' }]);
    expect(sent).toHaveLength(5);
    expect(sent.at(-1)?.idempotencyKey).toBe(sent[0]?.idempotencyKey);
  });

  it('shows a refusal as of any run, with a way to start in the background again', async () => {
    answers = [refused(503, 'SANDBOX_BUSY')];
    await start();
    expect(sent).toHaveLength(1);
    expect(runs.refuse).toHaveBeenCalledWith({
      script: 'pass',
      setup: PLAIN_SETUP,
      outcome: expect.objectContaining({ kind: 'busy' }),
      again,
    });
    expect(listed()).toEqual([]);
  });

  it.each(['a run goes on', 'another script is in the editor'])(
    'says in passing that it was refused while %s, and puts its script into the history',
    async (what) => {
      if (what === 'a run goes on') isRunning = true;
      else text = 'another';
      answers = [refused(429, 'RATE_LIMITED')];
      await start();
      expect(runs.refuse).not.toHaveBeenCalled();
      expect(said()).toMatch(/^Not started in the background\. .*said RATE_LIMITED\. The history has /);
      expect(history.put).toHaveBeenCalledWith([
        expect.objectContaining({ entry: expect.objectContaining({ script: 'pass' }) }),
      ]);
    },
  );

  it('takes an earlier refusal back when a start is taken', async () => {
    runs.shown.mockReturnValue({ outcome: null, run: { again } });
    await start();
    expect(runs.show).toHaveBeenCalledWith(null);
  });

  it('leaves what else is shown beside the script where it is', async () => {
    runs.shown.mockReturnValue({ outcome: null, run: {} });
    await start();
    expect(runs.show).not.toHaveBeenCalled();
  });

  it('asks the user for a key, and sends it again with that', async () => {
    answers = [refused(401, 'UNAUTHENTICATED'), TAKEN];
    prompt.ask.mockResolvedValue(true);
    await start();
    expect(sent).toHaveLength(2);
    expect(listed()).toMatchObject([{ status: 'queued' }]);
  });

  it('says that an API has no such thing, and asks anew what it has', async () => {
    answers = [{ kind: 'unsupported' }];
    await start();
    expect(listed()).toEqual([]);
    expect(said()).toMatch(/nothing was started/);
    expect(metadata.refresh).toHaveBeenCalledTimes(1);
  });

  describe('on coming back', () => {
    const left = backgroundRun({ key: 'left', status: 'starting', id: null, at: 0 });
    const given = { script: 'pass', setup: PLAIN_SETUP, body: '{"script":"pass"}' };

    it('sends what the page did not see to its end', async () => {
      await archive.add(left, given);
      setUp();
      await settled();
      expect(sent).toEqual([{ body: given.body, idempotencyKey: 'left' }]);
      expect(listed()).toMatchObject([{ status: 'queued', id: RUN_ID, skewMs: 0 }]);
    });

    it('leaves what is older to the user', async () => {
      jest.setSystemTime(11 * 60_000);
      await archive.add(left, given);
      setUp();
      await settled();
      expect(sent).toEqual([]);
      expect(listed()).toMatchObject([{ status: 'unanswered', why: expect.stringMatching(/closed/) }]);
    });

    it.each([
      ['UNAUTHENTICATED', 401],
      ['SANDBOX_BUSY', 503],
    ] as const)('keeps what is refused for %s in the list, and opens no dialog', async (code, status) => {
      answers = [refused(status, code)];
      await archive.add(left, given);
      setUp();
      await settled();
      expect(prompt.ask).not.toHaveBeenCalled();
      expect(runs.refuse).not.toHaveBeenCalled();
      expect(listed()).toMatchObject([{ status: 'unanswered', why: expect.stringContaining(code) }]);
      expect((await archive.givenOf('left'))?.body).toBe(given.body);
    });

    it('says so where the browser has lost what was sent', async () => {
      await archive.add(left, { ...given, body: null });
      setUp();
      await settled();
      expect(sent).toEqual([]);
      expect(listed()).toMatchObject([{ status: 'unanswered', why: expect.stringMatching(/lost/) }]);
    });

    it('waits for another tab that is sending it, and sends nothing when that was answered', async () => {
      const tab = new AnotherTab();
      Object.assign(navigator, { locks: tab });
      try {
        await archive.add(left, given);
        setUp();
        await settled();
        expect(tab.names).toEqual(['pycell.background left']);
        await archive.change('left', { status: 'queued', id: RUN_ID });
        tab.end();
        await settled();
        expect(sent).toEqual([]);
        expect(listed()).toMatchObject([{ status: 'queued' }]);
      } finally {
        Reflect.deleteProperty(navigator, 'locks');
      }
    });
  });
});

/** Holds every lock until it ends. */
class AnotherTab {
  readonly names: string[] = [];
  end: () => void = () => undefined;
  private readonly ended = new Promise<void>((resolve) => (this.end = resolve));

  async request<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.names.push(name);
    await this.ended;
    return work();
  }
}
