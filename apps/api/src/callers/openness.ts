import type { Configuration } from '../configuration/configuration';

/** That whoever reaches a service may use it. */
export interface Openness {
  /** Whether others than those on this machine may reach it. */
  readonly isPublic: boolean;
  readonly text: string;
}

/** Returns what has to be said of a service that has no keys; null where it has some. */
export function opennessOf({
  callers,
  http,
  jobs,
}: Pick<Configuration, 'callers' | 'http' | 'jobs'>): Openness | null {
  // A worker and what sends callbacks answer to nobody but probes.
  if (callers.keysFile !== null || jobs.role === 'worker' || jobs.role === 'callbacks') {
    return null;
  }
  const isPublic = !/^(localhost|::1|127\.\d+\.\d+\.\d+)$/.test(http.host);
  return {
    isPublic,
    text: isPublic
      ? `OPEN: there are no keys, so WHOEVER REACHES ${http.host} MAY RUN SCRIPTS. "npm run keys -- add NAME" makes a key, API_KEYS_FILE names their file, and with REQUIRE_API_KEY=true the service does not start without`
      : 'Open: there are no keys, so whoever is on this machine may run scripts (API_KEYS_FILE)',
  };
}
