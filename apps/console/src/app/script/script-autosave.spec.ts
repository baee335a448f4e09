import { TestBed } from '@angular/core/testing';
import { PLAIN_SETUP } from './run-setup';
import { ScriptAutosave, type SavedScript } from './script-autosave';

const KEY = 'pycell.script';
const saved = (text: string, isUnread = false): SavedScript => ({ text, isUnread, setup: PLAIN_SETUP });

describe('ScriptAutosave', () => {
  const autosave = (): ScriptAutosave => TestBed.inject(ScriptAutosave);
  /** Another tab shares what the browser keeps, and nothing else. */
  const inAnotherTab = <T>(act: () => T): T => {
    const own = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    const result = act();
    if (own === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, own);
    return result;
  };
  const refuse = (area: () => Storage): jest.SpyInstance =>
    jest.spyOn(Storage.prototype, 'setItem').mockImplementation(function (this: Storage, key, value) {
      if (this === area()) throw new DOMException('full', 'QuotaExceededError');
      this[key] = value;
    });

  beforeEach(() => {
    localStorage.clear();
    sessionStorage.clear();
  });

  afterEach(() => jest.restoreAllMocks());

  it('has nothing at first, nor of what somebody else wrote there', () => {
    expect(autosave().read()).toBeNull();
    for (const foreign of ['', '{', '7', '{"text":7}', 'null']) {
      localStorage.setItem(KEY, foreign);
      expect(autosave().read()).toBeNull();
    }
  });

  it('keeps a script of its own for each tab', () => {
    autosave().write(saved('here'), true);
    inAnotherTab(() => autosave().write(saved('there'), true));
    expect(autosave().read()).toEqual(saved('here'));
  });

  it('gives a new tab what was written last', () => {
    autosave().write(saved('here'), true);
    expect(inAnotherTab(() => autosave().read())).toEqual(saved('here'));
  });

  it('does not forget what was written in another tab for a script that is only looked at', () => {
    inAnotherTab(() => autosave().write(saved('written'), true));
    autosave().write(saved('of a link', true), false);
    expect(autosave().read()).toEqual(saved('of a link', true));
    expect(inAnotherTab(() => autosave().read())).toEqual(saved('written'));
  });

  it('keeps for a new tab, too, that nobody has read the script', () => {
    autosave().write(saved('theirs, changed', true), true);
    expect(inAnotherTab(() => autosave().read())).toEqual(saved('theirs, changed', true));
  });

  it('says when the browser does not keep what was written', () => {
    refuse(() => localStorage);
    expect(autosave().write(saved('looked at'), false)).toBe(true);
    expect(autosave().write(saved('written'), true)).toBe(false);
  });

  it('finds the newest where only the browser keeps it', () => {
    autosave().write(saved('older'), true);
    refuse(() => sessionStorage);
    expect(autosave().write(saved('newer'), false)).toBe(true);
    expect(autosave().read()).toEqual(saved('newer'));
  });
});
