import { TestBed } from '@angular/core/testing';
import { PLAIN_SETUP } from './run-setup';
import { ScriptAutosave } from './script-autosave';
import { ScriptStore } from './script-store';
import { STARTING_SCRIPT } from './starting-script';

describe('ScriptStore', () => {
  const store = (): ScriptStore => TestBed.inject(ScriptStore);

  beforeEach(() => {
    jest.useFakeTimers();
    localStorage.clear();
    sessionStorage.clear();
  });

  afterEach(() => jest.useRealTimers());

  it('starts with a script that runs', () => {
    expect(store().text()).toBe(STARTING_SCRIPT);
    expect(store().isEdited()).toBe(false);
  });

  it('finds after a reload what was written', () => {
    store().edit('def main(): return 7');
    jest.runAllTimers();
    TestBed.resetTestingModule();
    expect(store().text()).toBe('def main(): return 7');
    expect(store().isEdited()).toBe(true);
  });

  it('keeps what was written just before the page is closed', () => {
    store().edit('x');
    dispatchEvent(new Event('pagehide'));
    expect(localStorage.getItem('pycell.script')).toBe('{"text":"x","isUnread":false}');
  });

  it('does not write to storage at each key', () => {
    const write = jest.spyOn(ScriptAutosave.prototype, 'write');
    for (const text of ['a', 'ab', 'abc']) store().edit(text);
    jest.runAllTimers();
    expect(write.mock.calls).toEqual([[{ text: 'abc', isUnread: false, setup: PLAIN_SETUP }, true]]);
    write.mockRestore();
  });

  it('counts an emoji as one character, as the service does', () => {
    store().edit('😀é');
    expect(store().sizeCodePoints()).toBe(2);
  });

  it('gives back the script that it replaces, and counts the new one as not edited', () => {
    store().edit('mine');
    expect(store().isEdited()).toBe(true);
    const replaced = store().load('theirs\r\n');
    expect(replaced.text).toBe('mine');
    expect(store().text()).toBe('theirs\n');
    expect(store().isEdited()).toBe(false);
    store().restore(replaced);
    expect(store().text()).toBe('mine');
    expect(store().isEdited()).toBe(true);
  });

  it('keeps over a reload that nobody has read the script of a link, also when it was changed, until somebody has', () => {
    const reload = (): ScriptStore => {
      jest.runAllTimers();
      TestBed.resetTestingModule();
      return store();
    };
    store().load('theirs', true);
    expect(reload().isUnread()).toBe(true);
    store().edit('theirs, changed');
    expect(reload().isUnread()).toBe(true);
    expect(store().text()).toBe('theirs, changed');
    store().markRead();
    expect(store().isUnread()).toBe(false);
    expect(reload().isUnread()).toBe(false);
  });

  it('says when the browser does not keep what was written, and when it does again', () => {
    const write = jest.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    store().edit('a');
    expect(store().isSaved()).toBe(true);
    jest.runAllTimers();
    expect(store().isSaved()).toBe(false);
    write.mockRestore();
    store().edit('ab');
    jest.runAllTimers();
    expect(store().isSaved()).toBe(true);
  });

  it('has nothing to lose in an empty editor', () => {
    store().edit('  \n');
    expect(store().isEdited()).toBe(false);
  });

  it('works where the browser keeps nothing', () => {
    const read = jest.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    expect(store().text()).toBe(STARTING_SCRIPT);
    read.mockRestore();
  });
});
