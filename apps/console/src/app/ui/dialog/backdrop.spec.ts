import { isOnBackdrop } from './backdrop';

describe('isOnBackdrop', () => {
  const dialog = document.createElement('dialog');
  dialog.getBoundingClientRect = () => new DOMRect(100, 100, 300, 200);
  const toast = dialog.appendChild(document.createElement('button'));

  const press = (target: Element, clientX: number, clientY: number): boolean =>
    isOnBackdrop({ target, clientX, clientY } as unknown as PointerEvent, dialog);

  it('is so beside the dialog', () => {
    expect([press(dialog, 99, 150), press(dialog, 401, 150), press(dialog, 200, 301)]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('is not so on its border and its scroll bar', () => {
    expect([press(dialog, 100, 150), press(dialog, 395, 150)]).toEqual([false, false]);
  });

  it('is not so on what stands in the dialog and hangs out of it', () => {
    expect(press(toast, 50, 500)).toBe(false);
  });
});
