import { TestBed } from '@angular/core/testing';
import { PLAIN_SETUP, type RunSetup } from './run-setup';
import { ScriptStore } from './script-store';
import { SetupStore } from './setup-store';

const FILE = { id: '1', name: 'a.csv', sizeBytes: 1, content: { text: 'a' } };

describe('SetupStore', () => {
  const store = (): SetupStore => TestBed.inject(SetupStore);

  beforeEach(() => {
    jest.useFakeTimers();
    localStorage.clear();
    sessionStorage.clear();
  });

  afterEach(() => jest.useRealTimers());

  it('is found after a reload beside the script, without what is in its files', () => {
    TestBed.inject(ScriptStore).edit('x');
    TestBed.tick();
    store().change({ mode: 'script', stdin: 'a', files: [FILE] });
    TestBed.tick();
    jest.runAllTimers();
    TestBed.resetTestingModule();
    expect(TestBed.inject(ScriptStore).text()).toBe('x');
    expect(store().setup()).toEqual({
      ...PLAIN_SETUP,
      mode: 'script',
      stdin: 'a',
      files: [{ ...FILE, content: null }],
    });
  });

  it('is read from a script that an older console kept', () => {
    localStorage.setItem('pycell.script', '{"text":"old","isUnread":false}');
    expect(store().setup()).toEqual(PLAIN_SETUP);
  });

  it('takes contents that were read, and keeps those that it has', () => {
    store().change({
      files: [FILE, { ...FILE, id: '2', content: null }, { ...FILE, id: '3', content: null }],
    });
    store().fill(
      new Map([
        ['1', { text: 'other' }],
        ['2', { text: 'b' }],
      ]),
    );
    expect(
      store()
        .files()
        .map(({ content }) => content),
    ).toEqual([{ text: 'a' }, { text: 'b' }, null]);
  });

  it('gives back what was replaced', () => {
    const mine: RunSetup = { ...PLAIN_SETUP, stdin: 'mine' };
    store().change(mine);
    const replaced = store().load({ ...PLAIN_SETUP, stdin: 'theirs' });
    expect(store().isEdited()).toBe(false);
    store().restore(replaced);
    expect(store().setup()).toEqual(mine);
    expect(store().isEdited()).toBe(true);
  });
});
