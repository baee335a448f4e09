/** The rules of a file of keys, which are the service's own: what it would refuse is not written. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '../set-up/places.mjs';
import { SetUpError } from '../set-up/progress.mjs';

const require = createRequire(import.meta.url);

/** A module of the built service. */
function load(name) {
  try {
    return require(join(ROOT, 'dist/apps/api', name));
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') {
      throw new SetUpError('The service is not built yet: "npm run setup" does that.');
    }
    throw error;
  }
}

/** Loads what `parseKeys` and `newKey` use. */
export function loadRules() {
  ['callers/keys-file.js', 'callers/key-form.js'].forEach(load);
}

/** @returns a text without the keys in it */
export function withoutKeys(text) {
  return load('configuration/key-text.js').withoutKeys(text);
}

/** @returns {{ entries: object[], problems: string[] }} */
export function parseKeys(text) {
  return load('callers/keys-file.js').parseKeysFile(text);
}

/** @returns {{ key: string, hash: string }} a new key, and what the file has of it */
export function newKey() {
  const { createKey, hashOfKey } = load('callers/key-form.js');
  const key = createKey();
  return { key, hash: hashOfKey(key).toString('hex') };
}

/**
 * What a service with the settings of this environment would refuse. It may run elsewhere, with others: so these are
 * warnings.
 */
export function warningsFor(entries, environment) {
  const { ConfigurationError, readConfiguration } = load('configuration/configuration.js');
  try {
    // `npm start` chooses it by the host, and images set it.
    const { sandbox } = readConfiguration({ BUILD: 'cloud', ...environment });
    return load('callers/key-terms.js').problemsOfTerms(entries, sandbox);
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return ['the settings of this environment are not valid, so the limits were not compared with them'];
    }
    throw error;
  }
}

/**
 * @param master what CALLBACK_SECRET is
 * @param name of a key; null: callers without one
 * @returns {string} with what callbacks are signed
 */
export function callbackSecret(master, name) {
  const { decodeCallbackSecret } = load('configuration/callback-options.js');
  if (!decodeCallbackSecret(master.trim())) {
    throw new SetUpError(
      'CALLBACK_SECRET is not set, or not valid (its value is not shown): it must be that of the service, at least 32 random bytes in base64. "openssl rand -base64 32" makes some.',
    );
  }
  const { Secret } = load('configuration/secret.js');
  return load('callbacks/callback-secret.js').callbackSecretOf(new Secret(master.trim()), name).reveal();
}
