import { actionOf } from './shortcuts';

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

  it('leaves a plain Enter, and other chords with it, to the page', () => {
    expect(press({ key: 'Enter' })).toBeNull();
    expect(press({ key: 'Enter', ctrlKey: true, shiftKey: true })).toBeNull();
  });

  it('cancels by Escape', () => {
    expect(press({ key: 'Escape' })).toBe('cancel');
  });

  it('takes a question mark for one where a person writes', () => {
    expect(press({ key: '?', shiftKey: true })).toBe('show-shortcuts');
    expect(press({ key: '?', shiftKey: true }, '<input id="at">')).toBeNull();
    expect(press({ key: '?' }, '<div class="monaco-editor"><p id="at"></p></div>')).toBeNull();
  });

  it.each([{ key: 'Escape' }, { key: 'Enter', ctrlKey: true }, { key: '?' }])(
    'does nothing behind an open dialog: %p',
    (init) => {
      expect(press(init, '<dialog open><button id="at"></button></dialog>')).toBeNull();
    },
  );

  it('does not interrupt the composition of a character', () => {
    expect(press({ key: 'Escape', isComposing: true })).toBeNull();
  });
});
