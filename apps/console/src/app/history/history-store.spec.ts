import { PLAIN_SETUP } from '../script/run-setup';
import { draft } from '../../testing/drafts';
import { TestBed } from '@angular/core/testing';
import { succeeded } from '../../testing/outcomes';
import type { HistoryArchive } from './history-archive';
import { recordOfDraft } from './history-entry';
import { HistoryStore } from './history-store';
import { MemoryArchive } from './memory-archive';
import { OPEN_ARCHIVE } from './open-archive';

const BROKEN = new DOMException('broken', 'UnknownError');

/** An archive that lasts, as a browser's does, and that can break. */
class FakeArchive extends MemoryArchive implements HistoryArchive {
  override readonly isLasting = true as false;
  canWrite = true;
  canRead = true;
  changed: () => void = () => undefined;

  override entries(): ReturnType<MemoryArchive['entries']> {
    return this.canRead ? super.entries() : Promise.reject(BROKEN);
  }

  override outcomeOf(id: string): ReturnType<MemoryArchive['outcomeOf']> {
    return this.canRead ? super.outcomeOf(id) : Promise.reject(BROKEN);
  }

  override put(records: Parameters<MemoryArchive['put']>[0]): Promise<void> {
    return this.canWrite ? super.put(records) : Promise.reject(BROKEN);
  }

  override remove(ids: readonly string[]): Promise<void> {
    return this.canWrite ? super.remove(ids) : Promise.reject(BROKEN);
  }

  override onChange(changed: () => void): void {
    this.changed = changed;
  }
}

function setUp(open: () => Promise<HistoryArchive>): HistoryStore {
  TestBed.configureTestingModule({ providers: [{ provide: OPEN_ARCHIVE, useValue: open }] });
  return TestBed.inject(HistoryStore);
}

const run = (script: string, startedAt: number): Parameters<HistoryStore['addRun']>[0] => ({
  script,
  setup: PLAIN_SETUP,
  startedAt,
  elapsedMs: 4,
  outcome: succeeded({ resultText: JSON.stringify(script) }),
});
const scripts = (store: HistoryStore): string[] => (store.entries() ?? []).map(({ script }) => script);

describe('HistoryStore', () => {
  let archive: FakeArchive;
  let store: HistoryStore;

  beforeEach(() => {
    archive = new FakeArchive();
    store = setUp(() => Promise.resolve(archive));
  });

  it('opens nothing before somebody runs or looks', () => {
    expect(store.entries()).toBeNull();
  });

  it('lists runs newest first, and has the outcome of each', async () => {
    await store.addRun(run('a', 1));
    await store.addRun(run('b', 2));
    expect(scripts(store)).toEqual(['b', 'a']);
    const oldest = store.entries()?.[1]?.id ?? '';
    await expect(store.outcomeOf(oldest)).resolves.toMatchObject({ resultText: '"a"' });
  });

  it('keeps 200 runs', async () => {
    for (let at = 1; at <= 203; at += 1) await store.addRun(run(String(at), at));
    expect(store.count()).toBe(200);
    expect(scripts(store).at(-1)).toBe('4');
  });

  it('brings a deleted run back with its outcome', async () => {
    await store.addRun(run('a', 1));
    const removed = (await store.remove(store.entries() ?? [])) ?? [];
    expect(scripts(store)).toEqual([]);
    await store.put(removed);
    expect(scripts(store)).toEqual(['a']);
    await expect(store.outcomeOf(removed[0]?.entry.id ?? '')).resolves.toMatchObject({ kind: 'succeeded' });
  });

  it('has what a run was given, with the contents of its files, after undo too', async () => {
    const file = { id: '1', name: 'a.csv', sizeBytes: 1, content: { text: 'a' } };
    const setup = { ...PLAIN_SETUP, stdin: 'x', files: [file] };
    await store.addRun({ ...run('a', 1), setup });
    const [entry] = store.entries() ?? [];
    if (!entry) throw new Error('nothing was kept');
    expect(entry.setup?.files).toEqual([{ ...file, content: null }]);
    await expect(store.setupOf(entry)).resolves.toEqual(setup);
    const removed = (await store.remove([entry])) ?? [];
    await expect(store.setupOf(entry)).resolves.toEqual({ ...setup, files: [{ ...file, content: null }] });
    await store.put(removed);
    await expect(store.setupOf(entry)).resolves.toEqual(setup);
  });

  it('has nothing given for an entry of an older console', async () => {
    await store.addRun(run('a', 1));
    const [entry] = store.entries() ?? [];
    if (!entry) throw new Error('nothing was kept');
    await expect(store.setupOf(entry)).resolves.toEqual(PLAIN_SETUP);
  });

  it('puts away a script that was given something else', async () => {
    await store.addDraft(draft('mine'));
    await store.addDraft({ ...draft('mine'), setup: { ...PLAIN_SETUP, stdin: 'x' } });
    expect(store.count()).toBe(2);
  });

  it('puts away a script that never ran, and not twice', async () => {
    await store.addDraft(draft('mine'));
    await store.addDraft(draft('mine'));
    expect(scripts(store)).toEqual(['mine']);
    await store.addRun(run('mine', Date.now() + 1));
    await store.addDraft(draft('mine'));
    expect(store.count()).toBe(2);
  });

  it('shows what another tab added', async () => {
    await store.read();
    await archive.put([recordOfDraft('theirs', draft('elsewhere'), 5)]);
    archive.changed();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(scripts(store)).toEqual(['elsewhere']);
  });

  it('is empty after it was cleared', async () => {
    await store.addRun(run('a', 1));
    await store.clear();
    expect(store.count()).toBe(0);
  });

  it('keeps what it had where the storage takes no more, and lists the new ones for this visit', async () => {
    await store.addRun(run('a', 1));
    archive.canWrite = false;
    await store.addRun(run('b', 2));
    expect(store.keeping()).toBe('earlier-only');
    expect(scripts(store)).toEqual(['b', 'a']);
    const [newest, earlier] = store.entries() ?? [];
    await expect(store.outcomeOf(newest?.id ?? '')).resolves.toMatchObject({ resultText: '"b"' });
    await expect(store.outcomeOf(earlier?.id ?? '')).resolves.toMatchObject({ resultText: '"a"' });
    archive.canWrite = true;
    await store.addRun(run('c', 3));
    expect(store.keeping()).toBe('lasting');
    expect(await archive.entries()).toHaveLength(3);
  });

  it('says when the browser did not delete', async () => {
    await store.addRun(run('a', 1));
    archive.canWrite = false;
    await expect(store.remove(store.entries() ?? [])).resolves.toBeNull();
    await expect(store.clear()).resolves.toBe(false);
    expect(scripts(store)).toEqual(['a']);
    expect(store.keeping()).toBe('lasting');
  });

  it('goes on with what it has read when the storage cannot be read any more', async () => {
    await store.addRun(run('a', 1));
    archive.canRead = false;
    await Promise.all([store.addRun(run('b', 2)), store.read()]);
    expect(store.keeping()).toBe('visit');
    expect(scripts(store)).toEqual(['b', 'a']);
    await expect(store.outcomeOf(store.entries()?.[1]?.id ?? '')).resolves.toBeNull();
  });
});

it('is a history of this visit where the browser keeps nothing', async () => {
  const store = setUp(() => Promise.reject(new DOMException('blocked', 'SecurityError')));
  await store.addRun(run('a', 1));
  expect(store.keeping()).toBe('visit');
  expect(scripts(store)).toEqual(['a']);
});
