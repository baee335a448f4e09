import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { backgroundRun } from '../../testing/background-runs';
import { ApiAddress } from '../address/api-address';
import { PLAIN_SETUP } from '../script/run-setup';
import type { BackgroundRun, GivenRun } from './background-run';
import { BackgroundStore } from './background-store';
import { MemoryRuns } from './memory-runs';
import { OPEN_RUNS_ARCHIVE } from './open-runs-archive';
import { RUN_BOUNDS } from './run-bounds';
import type { RunsArchive } from './runs-archive';

const API = 'https://api.example/';
const GIVEN: GivenRun = { script: 'pass', setup: PLAIN_SETUP, body: '{}' };
const FULL = new DOMException('full', 'QuotaExceededError');

/** What a browser keeps, for tabs that share it, and that can break. */
class FakeArchive implements RunsArchive {
  readonly memory = new MemoryRuns();
  canWrite = true;
  /** As another tab would after it has changed something. */
  changed: () => void = () => undefined;
  beforeChange: () => Promise<void> = () => Promise.resolve();

  runsOf = (apiUrl: string): ReturnType<RunsArchive['runsOf']> => this.memory.runsOf(apiUrl);
  givenOf = (key: string): ReturnType<RunsArchive['givenOf']> => this.memory.givenOf(key);
  remove = (keys: readonly string[]): Promise<void> => this.memory.remove(keys);
  forgetBody = (key: string): Promise<void> => this.memory.forgetBody(key);

  add(run: BackgroundRun, given: GivenRun): Promise<void> {
    return this.canWrite ? this.memory.add(run, given) : Promise.reject(FULL);
  }

  async change(key: string, changes: Partial<BackgroundRun>): Promise<void> {
    await this.beforeChange();
    await this.memory.change(key, changes);
  }

  onChange(changed: () => void): void {
    this.changed = changed;
  }
}

describe('BackgroundStore', () => {
  const address = signal<string | null>(API);
  let archive: FakeArchive;

  beforeEach(() => {
    address.set(API);
    archive = new FakeArchive();
  });

  async function open(opening: () => Promise<RunsArchive> = () => Promise.resolve(archive)) {
    TestBed.configureTestingModule({
      providers: [
        { provide: OPEN_RUNS_ARCHIVE, useValue: opening },
        { provide: ApiAddress, useValue: { current: address } },
      ],
    });
    const store = TestBed.inject(BackgroundStore);
    await settled();
    return store;
  }

  async function settled(): Promise<void> {
    TestBed.tick();
    await new Promise((resolve) => setTimeout(resolve));
  }

  const keysOf = (store: BackgroundStore): readonly string[] => (store.runs() ?? []).map(({ key }) => key);

  it('lists the runs of the API in force, newest first, and those of another when that is in force', async () => {
    await archive.memory.add(backgroundRun({ key: 'old', at: 1 }), GIVEN);
    await archive.memory.add(backgroundRun({ key: 'new', at: 2 }), GIVEN);
    await archive.memory.add(backgroundRun({ key: 'other', apiUrl: 'https://other.example/' }), GIVEN);
    const store = await open();
    expect(keysOf(store)).toEqual(['new', 'old']);
    address.set('https://other.example');
    TestBed.tick();
    expect(store.runs()).toBeNull();
    await settled();
    expect(keysOf(store)).toEqual(['other']);
  });

  it('keeps a run with what it was made of, until it is removed', async () => {
    const store = await open();
    await store.add(backgroundRun(), GIVEN);
    expect(await store.givenOf('k1')).toEqual(GIVEN);
    await store.forgetBody('k1');
    expect(await store.givenOf('k1')).toEqual({ ...GIVEN, body: null });
    await store.remove(['k1']);
    expect(store.runs()).toEqual([]);
    expect(await store.givenOf('k1')).toBeNull();
  });

  it('shows a change at once, and keeps it', async () => {
    const store = await open();
    await store.add(backgroundRun(), GIVEN);
    const changing = store.change('k1', { status: 'forgotten' });
    expect(store.find('k1')?.status).toBe('forgotten');
    await changing;
    expect((await archive.runsOf(API))[0]?.status).toBe('forgotten');
  });

  it('does not go back to what was read while a change was being written', async () => {
    const store = await open();
    await store.add(backgroundRun({ status: 'queued' }), GIVEN);
    let write = (): void => undefined;
    archive.beforeChange = () => new Promise((resolve) => (write = resolve));
    const changing = store.change('k1', { status: 'succeeded' });
    await settled();
    archive.changed();
    await settled();
    write();
    await changing;
    expect(store.find('k1')?.status).toBe('succeeded');
  });

  it('shows what another tab has changed', async () => {
    const store = await open();
    await archive.memory.add(backgroundRun(), GIVEN);
    archive.changed();
    await settled();
    expect(keysOf(store)).toEqual(['k1']);
    await archive.memory.change('k1', { status: 'queued' });
    expect((await store.latest('k1'))?.status).toBe('queued');
  });

  it('forgets the oldest that are over where there are too many, and none that goes on', async () => {
    for (let at = 0; at < RUN_BOUNDS.runs; at += 1) {
      const status = at === 0 ? 'running' : 'succeeded';
      await archive.memory.add(backgroundRun({ key: `k${at}`, at, status }), GIVEN);
    }
    const store = await open();
    await store.add(backgroundRun({ key: 'new', at: 1_000 }), GIVEN);
    const keys = keysOf(store);
    expect(keys).toHaveLength(RUN_BOUNDS.runs);
    expect(keys).toEqual(expect.arrayContaining(['new', 'k0', 'k2']));
    expect(keys).not.toContain('k1');
  });

  it('goes on in memory, and says so, where the browser keeps nothing', async () => {
    const store = await open(() => Promise.reject(new DOMException('blocked', 'SecurityError')));
    expect(store.isLasting()).toBe(false);
    await store.add(backgroundRun(), GIVEN);
    expect(keysOf(store)).toEqual(['k1']);
  });

  it('takes what is listed along to memory when the storage is full', async () => {
    const store = await open();
    await store.add(backgroundRun({ key: 'before', at: 1 }), GIVEN);
    archive.canWrite = false;
    await store.add(backgroundRun({ key: 'then', at: 2 }), GIVEN);
    expect(store.isLasting()).toBe(false);
    expect(keysOf(store)).toEqual(['then', 'before']);
    expect(await store.givenOf('before')).toEqual(GIVEN);
  });
});
