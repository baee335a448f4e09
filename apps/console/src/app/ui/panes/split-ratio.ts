/** What part of the width the first pane has, percent. */
export const SPLIT_PERCENT = { min: 20, max: 80, initial: 54 } as const;

const STEP_PERCENT = 2;
const LARGE_STEP_PERCENT = 10;

export function clampSplit(percent: number): number {
  const { min, max, initial } = SPLIT_PERCENT;
  return Number.isFinite(percent) ? Math.min(max, Math.max(min, percent)) : initial;
}

/** Where the pointer puts the separator; rounded, since it is stored and announced. */
export function splitAtPointer(
  clientX: number,
  box: { readonly left: number; readonly width: number },
): number {
  return box.width > 0
    ? clampSplit(Math.round(((clientX - box.left) / box.width) * 1000) / 10)
    : SPLIT_PERCENT.initial;
}

/** Where a key puts the separator; null: the key means nothing to it. */
export function splitAfterKey(percent: number, key: string, isLarge: boolean): number | null {
  const step = isLarge ? LARGE_STEP_PERCENT : STEP_PERCENT;
  switch (key) {
    case 'ArrowLeft':
      return clampSplit(percent - step);
    case 'ArrowRight':
      return clampSplit(percent + step);
    case 'Home':
      return SPLIT_PERCENT.min;
    case 'End':
      return SPLIT_PERCENT.max;
    case 'Enter':
      return SPLIT_PERCENT.initial;
    default:
      return null;
  }
}
