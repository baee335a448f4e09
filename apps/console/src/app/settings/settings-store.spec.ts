import { TestBed } from '@angular/core/testing';
import { INITIAL_SETTINGS, readSettings, SettingsStore } from './settings-store';

describe('SettingsStore', () => {
  beforeEach(() => localStorage.clear());

  it('starts with what the system and the page say', () => {
    expect(TestBed.inject(SettingsStore).settings()).toEqual(INITIAL_SETTINGS);
  });

  it('finds after a reload what was set before', () => {
    TestBed.inject(SettingsStore).update({ theme: 'dark', apiUrl: 'http://other.example' });
    TestBed.resetTestingModule();
    expect(TestBed.inject(SettingsStore).settings()).toEqual({
      ...INITIAL_SETTINGS,
      theme: 'dark',
      apiUrl: 'http://other.example',
    });
  });

  it('follows what another tab sets', () => {
    const store = TestBed.inject(SettingsStore);
    const newValue = JSON.stringify({ fontSizePx: 18 });
    dispatchEvent(new StorageEvent('storage', { key: 'pycell.settings', newValue }));
    expect(store.settings().fontSizePx).toBe(18);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"theme":"pink","fontSizePx":400,"apiUrl":7}',
    '{"runKeys":"f5","isWordWrapped":1}',
    '{{',
  ])('takes nothing invalid from storage: %s', (text) => {
    expect(readSettings(text)).toEqual(INITIAL_SETTINGS);
  });
});
