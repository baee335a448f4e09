import { INTERFACE_SCRIPT_SIZE } from '../configuration/interfaces-options';
import type { Caller } from './caller';
import type { KnownKey } from './key-ring';

/**
 * Returns the caller as interfaces have it: no policy, for what comes there is written by models and workflows, and the jail
 * is the wall; and scripts of any size that these wrap theirs in. What its key says of its own wins.
 * @param known of its key; undefined of a caller that has none, and of one whose key is in the file no more
 */
export function interfaceTerms(
  caller: Caller,
  known: Pick<KnownKey, 'ownPolicy' | 'ownScriptSize'> | undefined,
): Caller {
  if (caller.key !== null && !known) {
    // It has left the file while the body came: what was its own is not known any more, and so all of it stays.
    return caller;
  }
  const { limits, policyRules } = caller;
  const maxScriptSize = Math.max(INTERFACE_SCRIPT_SIZE, limits.maxScriptSize);
  return {
    ...caller,
    policyRules: known?.ownPolicy ? policyRules : null,
    limits:
      known?.ownScriptSize || maxScriptSize === limits.maxScriptSize ? limits : { ...limits, maxScriptSize },
  };
}
