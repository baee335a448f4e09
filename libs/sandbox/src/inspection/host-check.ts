/** `missing` keeps scripts from being sandboxed, `limited` only costs something. */
export type CheckStatus = 'ok' | 'missing' | 'limited';

/** One thing that sandboxing depends on. */
export interface HostCheck {
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found. */
  readonly found: string;
  /** What it costs to go without, where something is wrong. */
  readonly cost?: string;
  /** What to do about it. */
  readonly remedy?: string;
}
