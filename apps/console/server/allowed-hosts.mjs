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
