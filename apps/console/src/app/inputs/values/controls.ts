import type { RequestedLimits } from '@pycell/contracts';

/** The limits that a caller may choose. */
export const CHOSEN_LIMITS = ['timeoutMs', 'memoryMb'] as const satisfies readonly (keyof RequestedLimits)[];
export type ChosenLimit = (typeof CHOSEN_LIMITS)[number];

/** Controls of the panel, by the names under which problems point at them: the JSON text. */
export const JSON_CONTROL = 'json';

/** The one that attaches files. */
export const FILES_CONTROL = 'files';

/** A field of the form. */
export function fieldControl(name: string): string {
  return `input:${name}`;
}

/** The name of an attached file. */
export function fileControl(id: string): string {
  return `file:${id}`;
}

export function limitControl(limit: ChosenLimit): string {
  return `limit:${limit}`;
}
