import type { Draft } from '../app/history/history-entry';
import { PLAIN_SETUP } from '../app/script/run-setup';

/** A script that was written, and nothing else. */
export function draft(script: string, isUnread = false): Draft {
  return { script, setup: PLAIN_SETUP, isUnread };
}
