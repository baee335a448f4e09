/**
 * Whether a pointer is on the backdrop of a dialog. The target alone does not tell: the dialog's own border and scroll
 * bar have the same. Nor does the place: what hangs out of the dialog belongs to it.
 */
export function isOnBackdrop({ target, clientX, clientY }: PointerEvent, dialog: HTMLDialogElement): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const isInside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  return target === dialog && !isInside;
}
