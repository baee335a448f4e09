import { TestBed } from '@angular/core/testing';
import { ScriptStore } from './script-store';
import { STARTING_SCRIPT } from './starting-script';

describe('ScriptStore', () => {
  const store = (): ScriptStore => TestBed.inject(ScriptStore);

  beforeEach(() => {
    jest.useFakeTimers();
    localStorage.clear();
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
    expect(localStorage.getItem('pycell.script')).toBe('x');
  });

  it('does not write to storage at each key', () => {
    const write = jest.spyOn(Storage.prototype, 'setItem');
    for (const text of ['a', 'ab', 'abc']) store().edit(text);
    jest.runAllTimers();
    expect(write.mock.calls).toEqual([['pycell.script', 'abc']]);
    write.mockRestore();
  });

  it('counts an emoji as one character, as the service does', () => {
    store().edit('😀é');
    expect(store().sizeCodePoints()).toBe(2);
  });

  it('gives back the script that it replaces, and counts the new one as not edited', () => {
    store().edit('mine');
    expect(store().isEdited()).toBe(true);
    expect(store().load('theirs\r\n')).toBe('mine');
    expect(store().text()).toBe('theirs\n');
    expect(store().isEdited()).toBe(false);
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
