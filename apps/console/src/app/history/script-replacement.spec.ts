import { plainRequest } from '../api/run-request';
import { PLAIN_SETUP } from '../script/run-setup';
import { TestBed } from '@angular/core/testing';
import { succeeded } from '../../testing/outcomes';
import { ScriptOrigin } from '../script/script-origin';
import { ScriptStore } from '../script/script-store';
import { SetupStore } from '../script/setup-store';
import { RunStore } from '../runs/run-store';
import { ToastStore } from '../ui/toast/toast-store';
import { OPEN_ARCHIVE } from './open-archive';
import { HistoryStore } from './history-store';
import { MemoryArchive } from './memory-archive';
import { ScriptReplacement } from './script-replacement';

describe('ScriptReplacement', () => {
  let script: ScriptStore;
  let replacement: ScriptReplacement;

  beforeEach(() => {
    localStorage.clear();
    sessionStorage.clear();
    const open = (): Promise<MemoryArchive> => Promise.resolve(new MemoryArchive());
    TestBed.configureTestingModule({ providers: [{ provide: OPEN_ARCHIVE, useValue: open }] });
    script = TestBed.inject(ScriptStore);
    replacement = TestBed.inject(ScriptReplacement);
  });

  const undo = (): void => TestBed.inject(ToastStore).toasts().at(-1)?.action?.run();
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  const kept = (): readonly string[] =>
    (TestBed.inject(HistoryStore).entries() ?? []).map((entry) => entry.script);

  it('puts what somebody wrote into the history, and says so', async () => {
    script.edit('mine');
    replacement.replace({ text: 'example', message: 'Loaded.' });
    await settled();
    expect(script.text()).toBe('example');
    expect(kept()).toEqual(['mine']);
    expect(TestBed.inject(ToastStore).toasts()[0]?.message).toBe(
      'Loaded. What you had written is in the history.',
    );
  });

  it('keeps no script that nobody touched', async () => {
    replacement.replace({ text: 'example', message: 'Loaded.' });
    replacement.replace({ text: 'another', message: 'Loaded.' });
    await settled();
    expect(kept()).toEqual([]);
  });

  it('gives everything back by undo: the script, that it is unsaved, and its result', () => {
    const outcome = succeeded();
    script.edit('mine');
    TestBed.inject(RunStore).show(outcome);
    replacement.replace({ text: 'example', message: 'Loaded.' });
    expect(TestBed.inject(RunStore).outcome()).toBeNull();
    undo();
    expect(script.text()).toBe('mine');
    expect(script.isEdited()).toBe(true);
    expect(TestBed.inject(RunStore).outcome()).toBe(outcome);
  });

  it('replaces what the script is run with, and gives it back by undo', async () => {
    const setups = TestBed.inject(SetupStore);
    setups.change({ stdin: 'mine' });
    replacement.replace({ text: 'example', setup: { ...PLAIN_SETUP, mode: 'script' }, message: 'Loaded.' });
    await settled();
    expect(setups.setup()).toEqual({ ...PLAIN_SETUP, mode: 'script' });
    expect(TestBed.inject(HistoryStore).entries()?.[0]?.setup).toMatchObject({ stdin: 'mine' });
    undo();
    expect(setups.setup()).toEqual({ ...PLAIN_SETUP, stdin: 'mine' });
  });

  it('gives back what the script was run with when the editor undoes it, unless that was changed', () => {
    const setups = TestBed.inject(SetupStore);
    script.edit('mine');
    setups.change({ stdin: 'mine' });
    TestBed.tick();
    const load = (): void => {
      replacement.replace({
        text: 'example',
        setup: { ...PLAIN_SETUP, stdin: 'theirs' },
        message: 'Loaded.',
      });
      TestBed.tick();
    };
    const undoInEditor = (): void => {
      script.edit('mine');
      TestBed.tick();
    };
    load();
    expect(setups.stdin()).toBe('theirs');
    undoInEditor();
    expect(setups.stdin()).toBe('mine');
    load();
    setups.change({ stdin: 'changed' });
    undoInEditor();
    expect(setups.stdin()).toBe('changed');
  });

  it('asks before a script of a link runs, until it is read, replaced or undone', () => {
    const origin = TestBed.inject(ScriptOrigin);
    const open = (): void => replacement.replace({ text: 'theirs', message: 'Opened.', isByLink: true });
    open();
    expect(origin.isUnread()).toBe(true);
    origin.acknowledge();
    expect(origin.isUnread()).toBe(false);
    script.edit('mine');
    open();
    undo();
    expect(origin.isUnread()).toBe(false);
    open();
    replacement.replace({ text: 'example', message: 'Loaded.' });
    expect(origin.isUnread()).toBe(false);
    undo();
    expect(origin.isUnread()).toBe(true);
  });

  it('asks about a link to the very script that is in the editor', () => {
    replacement.replace({ text: script.text(), message: 'Opened.', isByLink: true });
    expect(TestBed.inject(ScriptOrigin).isUnread()).toBe(true);
  });

  it('asks again when the editor brings a script of a link back, after undo of the link and after another script', () => {
    const origin = TestBed.inject(ScriptOrigin);
    script.edit('mine');
    replacement.replace({ text: 'theirs', message: 'Opened.', isByLink: true });
    undo();
    script.edit('theirs');
    expect(origin.isUnread()).toBe(true);
    replacement.replace({ text: 'example', message: 'Loaded.' });
    script.edit('theirs');
    expect(origin.isUnread()).toBe(true);
    script.edit('mine');
    expect(origin.isUnread()).toBe(false);
  });

  it('asks before a script of a link runs that comes back from the history', async () => {
    replacement.replace({ text: 'theirs', message: 'Opened.', isByLink: true });
    script.edit('theirs, changed');
    replacement.replace({ text: 'example', message: 'Loaded.' });
    await settled();
    expect(TestBed.inject(HistoryStore).entries()).toMatchObject([
      { script: 'theirs, changed', isUnread: true },
    ]);
  });

  it('gives up the run of the script that it replaces, and says so', () => {
    const runs = TestBed.inject(RunStore);
    void runs.run(plainRequest('mine'), PLAIN_SETUP);
    replacement.replace({ text: 'example', message: 'Loaded.', outcome: succeeded() });
    expect(TestBed.inject(ToastStore).toasts()[0]?.message).toBe(
      'Loaded. The run in progress was cancelled.',
    );
  });
});
