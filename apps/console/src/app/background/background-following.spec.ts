import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { backgroundRun } from '../../testing/background-runs';
import { succeeded } from '../../testing/outcomes';
import { ApiAddress } from '../address/api-address';
import { ApiClient } from '../api/api-client';
import type { ExecutionAnswer } from '../api/asynchronous-execution';
import {
  type EventListener,
  ExecutionsClient,
  type HeardEvents,
  type ListenOutcome,
} from '../api/executions-client';
import { HistoryStore } from '../history/history-store';
import { KeyPrompt } from '../keys/key-prompt';
import { KeyStore } from '../keys/key-store';
import { RunStore } from '../runs/run-store';
import { PLAIN_SETUP } from '../script/run-setup';
import { ToastStore } from '../ui/toast/toast-store';
import { BackgroundFollowing } from './background-following';
import type { BackgroundRun } from './background-run';
import { BackgroundStore } from './background-store';
import { MemoryRuns } from './memory-runs';
import { OPEN_RUNS_ARCHIVE } from './open-runs-archive';

const API = 'https://api.example/';
const GIVEN = { script: 'pass', setup: PLAIN_SETUP, body: null };

/** What tabs share, with the call by which they hear of each other. */
class SharedRuns extends MemoryRuns {
  changed: () => void = () => undefined;
  override onChange(changed: () => void): void {
    this.changed = changed;
  }
}

describe('BackgroundFollowing', () => {
  let archive: SharedRuns;
  let answers: Map<string, ExecutionAnswer>;
  let asked: string[];
  let listening: Map<string, { leave: (outcome: ListenOutcome) => void; listener: EventListener }>;
  let following: BackgroundFollowing;
  const history = { put: jest.fn() };
  const address = signal<string | null>(API);
  const keyChanges = signal(0);

  beforeEach(() => {
    jest.resetAllMocks();
    jest.useFakeTimers({ now: 1_000_000 });
    archive = new SharedRuns();
    answers = new Map();
    asked = [];
    listening = new Map();
    address.set(API);
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  const client = {
    find: (_api: string, id: string): Promise<ExecutionAnswer> => {
      asked.push(id);
      return Promise.resolve(answers.get(id) ?? known(id, 'running'));
    },
    listen: (_api: string, id: string, _heard: HeardEvents, listener: EventListener, signal: AbortSignal) =>
      new Promise<ListenOutcome>((resolve) => {
        const leave = (outcome: ListenOutcome): void => {
          listening.delete(id);
          resolve(outcome);
        };
        listening.set(id, { leave, listener });
        signal.addEventListener('abort', () => leave({ kind: 'cancelled' }));
      }),
  };

  async function open(...runs: BackgroundRun[]): Promise<void> {
    for (const run of runs) await archive.add(run, GIVEN);
    TestBed.configureTestingModule({
      providers: [
        { provide: OPEN_RUNS_ARCHIVE, useValue: () => Promise.resolve(archive) },
        { provide: ApiAddress, useValue: { current: address, settled: () => Promise.resolve(API) } },
        { provide: ExecutionsClient, useValue: client },
        { provide: ApiClient, useValue: {} },
        { provide: KeyStore, useValue: { changes: keyChanges } },
        { provide: KeyPrompt, useValue: { asked: () => null } },
        { provide: HistoryStore, useValue: history },
      ],
    });
    following = TestBed.inject(BackgroundFollowing);
    await settled();
  }

  async function settled(ms = 0): Promise<void> {
    for (let turn = 0; turn < 4; turn += 1) {
      TestBed.tick();
      await jest.advanceTimersByTimeAsync(turn === 0 ? ms : 0);
    }
  }

  const run = (digit: number, changes: Partial<BackgroundRun> = {}): BackgroundRun =>
    backgroundRun({
      key: `k${digit}`,
      id: String(digit).repeat(32),
      title: `run ${digit}`,
      at: digit,
      ...changes,
    });
  const store = (): BackgroundStore => TestBed.inject(BackgroundStore);
  const runs = (): RunStore => TestBed.inject(RunStore);
  const said = (): readonly string[] =>
    TestBed.inject(ToastStore)
      .toasts()
      .map(({ message }) => message);
  const end = async (id: string): Promise<void> => {
    answers.set(id, known(id, 'succeeded'));
    listening.get(id)?.leave({ kind: 'ended' });
    await settled();
  };

  it('follows what goes on, and nothing else', async () => {
    await open(run(1), run(2, { status: 'succeeded' }), run(3, { status: 'starting', id: null }));
    expect([...listening.keys()]).toEqual([run(1).id]);
    expect(following.goingOn()).toBe(2);
  });

  it('holds no more than two connections, and asks for the others', async () => {
    await open(run(1), run(2), run(3));
    expect(listening.size).toBe(2);
    asked.length = 0;
    await settled(6_000);
    expect(new Set(asked).size).toBe(1);
  });

  it('puts the end into the history, lists it, and tells of it', async () => {
    await open(run(1));
    await end(run(1).id ?? '');
    expect(store().find('k1')).toMatchObject({ status: 'succeeded', outcome: { title: 'Finished' } });
    expect(history.put).toHaveBeenCalledTimes(1);
    expect(history.put).toHaveBeenCalledWith([
      expect.objectContaining({ entry: expect.objectContaining({ id: 'background-k1', script: 'pass' }) }),
    ]);
    expect(said()).toEqual(['In the background: run 1: Finished.']);
    expect(following.goingOn()).toBe(0);
  });

  it('shows the end of the run that is looked at instead of telling of it', async () => {
    await open(run(1));
    const watched = following.follow(run(1));
    if (watched) runs().watch(watched);
    await settled();
    listening.get(run(1).id ?? '')?.listener.output.write('stdout', 'so far');
    await end(run(1).id ?? '');
    expect(runs().watched()).toBeNull();
    expect(runs().outcome()).toEqual(succeeded());
    expect(said()).toEqual([]);
  });

  it('shows the end of the run that is looked at though another tab has heard of it first', async () => {
    await open(run(1));
    const watched = following.follow(run(1));
    if (watched) runs().watch(watched);
    await settled();
    await archive.change('k1', { status: 'succeeded', outcome: { tone: 'success', title: 'Finished' } });
    archive.changed();
    await settled();
    expect(runs().watched()).toBe(watched);
    await end(run(1).id ?? '');
    expect(runs().outcome()).toEqual(succeeded());
    expect(listening.size).toBe(0);
  });

  it('tells nothing that another tab has told', async () => {
    await open(run(1));
    await archive.change('k1', { status: 'succeeded', outcome: { tone: 'success', title: 'Finished' } });
    archive.changed();
    await settled();
    expect(listening.size).toBe(0);
    expect(said()).toEqual([]);
  });

  it('says that a run is no longer kept, and stops showing it', async () => {
    await open(run(1));
    const watched = following.follow(run(1));
    if (watched) runs().watch(watched);
    await settled();
    listening.get(run(1).id ?? '')?.leave({ kind: 'forgotten' });
    await settled();
    expect(store().find('k1')?.status).toBe('forgotten');
    expect(runs().watched()).toBeNull();
    expect(said()).toEqual([expect.stringMatching(/^The API no longer keeps run 1/)]);
  });

  it('leaves the runs of an API that is in force no more, and stops showing one of them', async () => {
    await open(run(1));
    const watched = following.follow(run(1));
    if (watched) runs().watch(watched);
    await settled();
    address.set('https://other.example/');
    await settled();
    expect(listening.size).toBe(0);
    expect(runs().watched()).toBeNull();
    asked.length = 0;
    await settled(60_000);
    expect(asked).toEqual([]);
  });

  it('asks at once when another key is there', async () => {
    await open(run(1));
    asked.length = 0;
    keyChanges.update((count) => count + 1);
    await settled();
    expect(asked).toEqual([run(1).id]);
  });

  it('does not go back from running to waiting by an answer that is late', async () => {
    answers.set(run(1).id ?? '', known(run(1).id ?? '', 'queued'));
    await open(run(1, { status: 'queued', startedAt: null }));
    listening.get(run(1).id ?? '')?.listener.onStart();
    await settled();
    expect(store().find('k1')).toMatchObject({ status: 'running', startedAt: 1_000_000 });
    await following.learn(run(1), {
      kind: 'known',
      facts: factsOf(run(1).id ?? '', 'queued'),
      outcome: null,
    });
    expect(store().find('k1')?.status).toBe('running');
  });

  it('tells how long it has gone on, from its hand-over', async () => {
    await open(run(1, { startedAt: 1_000_000 }), run(2, { status: 'queued', startedAt: null }));
    answers.set(run(2).id ?? '', known(run(2).id ?? '', 'queued'));
    await settled(3_000);
    const watched = following.follow(run(1));
    expect(watched?.elapsedMs()).toBe(3_000);
  });
});

function factsOf(id: string, status: 'queued' | 'running' | 'succeeded') {
  return { id, status, createdAt: '1970-01-01T00:00:00.000Z' };
}

function known(id: string, status: 'queued' | 'running' | 'succeeded'): ExecutionAnswer {
  return { kind: 'known', facts: factsOf(id, status), outcome: status === 'succeeded' ? succeeded() : null };
}
