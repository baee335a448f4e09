/** By which names a server may be addressed. */

/** Names of this machine's own, which no other machine can be reached by. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1'];

/** @param name of a host, without port or brackets */
export function isLoopback(name) {
  return LOOPBACK_NAMES.includes(name) || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/**
 * The console forwards to the API, which may be a developer's own, unjailed Python: a web page must not reach it by DNS
 * rebinding. Only who says that the API is jailed, and listens on other addresses than loopback, has put the console
 * there for names that are not known here.
 * @param host that the server listens on
 * @param isJailed whether scripts are jailed for certain
 * @returns null for any
 */
export function usualHosts({ host, isJailed }) {
  if (isLoopback(host)) {
    return [...new Set([...LOOPBACK_NAMES, host])];
  }
  return isJailed ? null : LOOPBACK_NAMES;
}

/** Whether a request is addressed to us by a name that we go by; `allowed` null: any name. */
export function isAllowedHost(header = '', allowed) {
  if (allowed === null) {
    return true;
  }
  const name = header
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return allowed.includes(name);
}
