import { API_PATHS } from '@pycell/contracts';
import type { CallersOptions } from '../configuration/callers-options';
import { routeOf } from '../http/endpoints';

/** What a request has to do with keys: it needs one, may bring one, or is not asked. */
export type Access = 'key' | 'open' | 'unasked';

const METADATA: readonly string[] = [API_PATHS.metadata, API_PATHS.modules];
const DOCUMENTS: readonly string[] = [API_PATHS.docs, API_PATHS.openapi, `${API_PATHS.docs}-yaml`];

/**
 * Returns what a request to a service that has keys has to do with them. What is not known to be open needs a key: a path
 * that is added later, or that the router reads in another way than this does, is closed until somebody says otherwise.
 * @param path as Express sees it, without the query
 */
export function accessOf(
  method: string,
  path: string,
  { metadataAccess, docsAccess }: Pick<CallersOptions, 'metadataAccess' | 'docsAccess'>,
): Access {
  if (method !== 'GET' && method !== 'HEAD') {
    return 'key';
  }
  const known = routeOf(path);
  if (isBelow(known, API_PATHS.health)) {
    // A probe must not fail for what has become of a key.
    return 'unasked';
  }
  if (METADATA.includes(known)) {
    return metadataAccess;
  }
  // Off: they are paths like any that do not exist.
  return DOCUMENTS.some((document) => isBelow(known, document)) && docsAccess === 'open' ? 'open' : 'key';
}

function isBelow(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`);
}
