import { MOD_KEY } from '../browser/platform';

/** Which keys run the script: Ctrl or Command with Enter, Shift with Enter as in notebooks, or either. */
export const RUN_KEYS = ['mod-enter', 'shift-enter', 'both'] as const;
export type RunKeys = (typeof RUN_KEYS)[number];

/** The chords that run the script, with the names that the keyboard gives its keys. */
export function runChords(runKeys: RunKeys): readonly (readonly string[])[] {
  const byMod = [MOD_KEY, 'Enter'];
  const byShift = ['Shift', 'Enter'];
  if (runKeys === 'both') return [byMod, byShift];
  return [runKeys === 'mod-enter' ? byMod : byShift];
}
