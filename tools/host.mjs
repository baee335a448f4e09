/** Asks the library what this host can do, about what the set-up made or the environment names. */
import { inspectHost, JAIL_PROFILES, locateSandbox } from '@pycell/sandbox';
import { ROOT } from './set-up/places.mjs';

/** Returns the HostReport of libs/sandbox. @param python the interpreter, where nothing else says which */
export function askHost(python = process.env.PYTHON) {
  const { NSJAIL_PATH: nsjail, SANDBOX_ROOT: sandboxRoot } = process.env;
  // A value that is no profile is the service's to refuse.
  const profile = JAIL_PROFILES.find((name) => name === process.env.JAIL_PROFILE);
  return inspectHost(locateSandbox(ROOT, { nsjail, sandboxRoot, python }), profile);
}
