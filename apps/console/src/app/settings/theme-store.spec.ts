import { TestBed } from '@angular/core/testing';
import { SettingsStore } from './settings-store';
import { ThemeStore } from './theme-store';

class FakePreference extends EventTarget {
  matches = false;

  change(matches: boolean): void {
    this.matches = matches;
    this.dispatchEvent(Object.assign(new Event('change'), { matches }));
  }
}

describe('ThemeStore', () => {
  let system: FakePreference;
  let theme: ThemeStore;

  beforeEach(() => {
    localStorage.clear();
    system = new FakePreference();
    window.matchMedia = () => system as unknown as MediaQueryList;
    theme = TestBed.inject(ThemeStore);
  });

  it('follows the system, also when it changes', () => {
    expect(theme.shown()).toBe('light');
    system.change(true);
    expect(theme.shown()).toBe('dark');
  });

  it('shows what the user chose, and marks the page with it', () => {
    TestBed.inject(SettingsStore).update({ theme: 'dark' });
    TestBed.tick();
    expect(theme.shown()).toBe('dark');
    expect(document.documentElement.dataset['theme']).toBe('dark');
  });

  it('goes back to following the system when the toggle comes to what the system shows', () => {
    theme.toggle();
    expect(theme.choice()).toBe('dark');
    theme.toggle();
    expect(theme.choice()).toBe('system');
    TestBed.tick();
    expect(document.documentElement.dataset['theme']).toBeUndefined();
  });
});
