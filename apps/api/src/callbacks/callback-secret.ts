import { createHmac } from 'node:crypto';
import { decodeCallbackSecret } from '../configuration/callback-options';
import { Secret } from '../configuration/secret';

/**
 * Returns the secret with which the callbacks of an owner are signed, as its receiver needs it: `whsec_` and base64. Each key has
 * its own, so that no receiver can sign for another's executions. They all follow from one, so that nothing need be stored.
 * @param master CALLBACK_SECRET
 * @param key the name of the owner's key; null: callers without a key, who share one
 * @throws Error where `master` is not valid; its text is not in the message
 */
export function callbackSecretOf(master: Secret, key: string | null): Secret {
  const bytes = decodeCallbackSecret(master.reveal());
  if (!bytes) {
    throw new Error('CALLBACK_SECRET is not valid');
  }
  const derived = createHmac('sha256', bytes).update(`pycell callback secret\n${key ?? ''}`);
  return new Secret(`whsec_${derived.digest('base64')}`);
}
