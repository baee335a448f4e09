import { PLAIN_SETUP } from '../script/run-setup';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { RunOutcome, Unreachable } from '../api/run-outcome';
import { type RunState, RunStore } from '../runs/run-store';
import { METADATA } from '../../testing/metadata';
import { succeeded } from '../../testing/outcomes';
import { type ApiState, MetadataStore } from '../metadata/metadata-store';
import { MetadataUpkeep } from './metadata-upkeep';

const KNOWN: ApiState = { kind: 'described', metadata: METADATA, apiUrl: '/api' };
const STARTING: ApiState = {
  kind: 'described',
  metadata: { ...METADATA, selfTest: { passed: false, at: null, checks: [] } },
  apiUrl: '/api',
};
const GONE: Unreachable = { kind: 'unreachable', apiUrl: '/api', reason: 'gateway', detail: '' };

describe('MetadataUpkeep', () => {
  const state = signal<ApiState>(KNOWN);
  const run = signal<RunState>({ kind: 'idle' });
  const refresh = jest.fn();
  let ageMs = 0;
  let isVisible = true;

  beforeEach(() => {
    jest.useFakeTimers();
    refresh.mockClear();
    state.set(KNOWN);
    run.set({ kind: 'idle' });
    ageMs = 0;
    isVisible = true;
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (isVisible ? 'visible' : 'hidden'),
    });
    TestBed.configureTestingModule({
      providers: [
        { provide: MetadataStore, useValue: { state, ageMs: () => ageMs, refresh } },
        { provide: RunStore, useValue: { state: run } },
      ],
    });
    TestBed.inject(MetadataUpkeep);
    TestBed.tick();
  });

  afterEach(() => {
    // The page is one for all tests, and so are those who listen to it.
    ageMs = 0;
    state.set(KNOWN);
    jest.useRealTimers();
  });

  function told(next: ApiState): void {
    state.set(next);
    TestBed.tick();
  }

  function finished(outcome: RunOutcome): void {
    run.set({ kind: 'finished', script: '', setup: PLAIN_SETUP, startedAt: 0, elapsedMs: 1, outcome });
    TestBed.tick();
  }

  it('lets an API be that has said what it is', () => {
    jest.advanceTimersByTime(600_000);
    finished(succeeded());
    expect(refresh).not.toHaveBeenCalled();
  });

  it.each([
    ['is away', GONE],
    ['is not ready', STARTING],
  ])('asks an API again that %s, less and less often', (_what, answer) => {
    const waits: number[] = [];
    for (let question = 0; question < 7; question += 1) {
      told({ ...answer });
      const since = Date.now();
      jest.advanceTimersToNextTimer();
      waits.push((Date.now() - since) / 1_000);
    }
    expect(refresh).toHaveBeenCalledTimes(7);
    expect(waits).toEqual([2, 4, 8, 16, 30, 30, 30]);
    told(KNOWN);
    told({ ...answer });
    jest.advanceTimersByTime(2_000);
    expect(refresh).toHaveBeenCalledTimes(8);
  });

  it('does not ask a wrong address again by itself', () => {
    told({ kind: 'wrong-api', apiUrl: '/api', status: 404, contentType: '' });
    told({ ...GONE, reason: 'bad-address' });
    jest.advanceTimersByTime(600_000);
    expect(refresh).not.toHaveBeenCalled();
  });

  it('waits with its questions until somebody looks at the page', () => {
    isVisible = false;
    told(STARTING);
    jest.advanceTimersByTime(600_000);
    expect(refresh).not.toHaveBeenCalled();
    isVisible = true;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(refresh).toHaveBeenCalled();
  });

  it('asks again when somebody comes back after a while', () => {
    document.dispatchEvent(new Event('visibilitychange'));
    expect(refresh).not.toHaveBeenCalled();
    ageMs = 60_000;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(refresh).toHaveBeenCalled();
  });

  it('asks when a run was refused for its key: what is known was told with one that held', () => {
    const error = { error: 'Switched off', code: 'FORBIDDEN', requestId: 'r' } as const;
    finished({ kind: 'failed', status: 403, error, retryAfterSeconds: null });
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('does not ask a locked API again by itself', () => {
    const refusal = { apiUrl: '/api', code: 'UNAUTHENTICATED', message: '', hadKey: false } as const;
    told({ kind: 'locked', refusal });
    jest.advanceTimersByTime(600_000);
    expect(refresh).not.toHaveBeenCalled();
  });

  it('asks when a run got no answer', () => {
    finished(GONE);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('asks when a run was answered by an API that was taken to be away, or to be another one', () => {
    told(GONE);
    finished(succeeded());
    expect(refresh).toHaveBeenCalledTimes(1);
    told({ ...KNOWN, metadata: { ...METADATA, isolation: 'none' } });
    finished(succeeded());
    expect(refresh).toHaveBeenCalledTimes(2);
  });
});
