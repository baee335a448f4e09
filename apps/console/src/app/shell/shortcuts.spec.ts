import type { RunKeys } from '../settings/run-keys';
import { actionOf, type ShortcutAction, shortcutsWith } from './shortcuts';

function press(init: KeyboardEventInit, html = '<p id="at"></p>'): ReturnType<typeof actionOf> {
  document.body.innerHTML = html;
  const event = new KeyboardEvent('keydown', { bubbles: true, ...init });
  document.getElementById('at')?.dispatchEvent(event);
  return actionOf(event);
}

describe('actionOf', () => {
  it('runs by Ctrl+Enter and Cmd+Enter, in the editor too', () => {
    expect(press({ key: 'Enter', ctrlKey: true })).toBe('run');
    expect(press({ key: 'Enter', metaKey: true }, '<textarea id="at"></textarea>')).toBe('run');
  });

  it('runs in the background by Ctrl+Shift+Enter and Cmd+Shift+Enter', () => {
    expect(press({ key: 'Enter', ctrlKey: true, shiftKey: true })).toBe('run-in-background');
    expect(press({ key: 'Enter', metaKey: true, shiftKey: true })).toBe('run-in-background');
  });

  it('leaves a plain Enter, and other chords with it, to the page', () => {
    expect(press({ key: 'Enter' })).toBeNull();
    expect(press({ key: 'Enter', ctrlKey: true, altKey: true, shiftKey: true })).toBeNull();
  });

  it('cancels by Escape', () => {
    expect(press({ key: 'Escape' })).toBe('cancel');
  });

  it('takes a question mark for one where a user writes', () => {
    expect(press({ key: '?', shiftKey: true })).toBe('show-shortcuts');
    expect(press({ key: '?', shiftKey: true }, '<input id="at">')).toBeNull();
    expect(press({ key: '?' }, '<div class="monaco-editor"><p id="at"></p></div>')).toBeNull();
  });

  it.each([{ key: 'Escape' }, { key: 'Enter', ctrlKey: true }, { key: '?' }])(
    'does nothing behind an open dialog: %p',
    (init) => {
      expect(press(init, '<div role="dialog" aria-modal="true"><button id="at"></button></div>')).toBeNull();
    },
  );

  it('does not interrupt the composition of a character', () => {
    expect(press({ key: 'Escape', isComposing: true })).toBeNull();
  });

  it('knows the chords of what the bar offers, in the editor too', () => {
    const editor = '<div class="monaco-editor"><textarea id="at"></textarea></div>';
    expect(press({ key: 's', ctrlKey: true }, editor)).toBe('copy-link');
    expect(press({ key: ',', metaKey: true }, editor)).toBe('show-settings');
    expect(press({ key: 'E', ctrlKey: true, shiftKey: true }, editor)).toBe('show-examples');
    expect(press({ key: 'H', ctrlKey: true, shiftKey: true }, editor)).toBe('toggle-history');
    expect(press({ key: 'B', ctrlKey: true, shiftKey: true }, editor)).toBe('toggle-background');
  });

  it('finds a letter by its place on a keyboard of another script', () => {
    expect(press({ key: 'ы', code: 'KeyS', ctrlKey: true })).toBe('copy-link');
    expect(press({ key: 'o', code: 'KeyS', ctrlKey: true })).toBeNull();
  });

  it('works beside an open drawer', () => {
    const drawer = '<div role="dialog"><button id="at"></button></div>';
    expect(press({ key: 'Enter', ctrlKey: true }, drawer)).toBe('run');
  });

  it('runs by the keys that the user chose', () => {
    const chord = (init: KeyboardEventInit, keys: RunKeys): ShortcutAction | null =>
      actionOf(new KeyboardEvent('keydown', { key: 'Enter', ...init }), keys);
    expect(chord({ shiftKey: true }, 'shift-enter')).toBe('run');
    expect(chord({ ctrlKey: true }, 'shift-enter')).toBeNull();
    expect(chord({ shiftKey: true }, 'both')).toBe('run');
    expect(chord({ ctrlKey: true }, 'both')).toBe('run');
    expect(chord({ ctrlKey: true, shiftKey: true }, 'both')).toBe('run-in-background');
  });
});

describe('shortcutsWith', () => {
  it('tells the keys that run the script as they are set', () => {
    const run = shortcutsWith('both')[0]?.entries[0];
    expect(run).toEqual({
      chords: [
        ['Ctrl', 'Enter'],
        ['Shift', 'Enter'],
      ],
      description: 'Run the script',
    });
  });
});
