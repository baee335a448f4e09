import { API_PATHS } from '@pycell/contracts';
import type { CallersOptions } from '../configuration/callers-options';

/** What a request has to do with keys: it needs one, may bring one, or is not asked. */
export type Access = 'key' | 'open' | 'unasked';

const DOCUMENTS = [API_PATHS.docs, API_PATHS.openapi];

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
  const lower = path.toLowerCase();
  if (isBelow(lower, API_PATHS.health)) {
    // A probe must not fail for what has become of a key.
    return 'unasked';
  }
  if (DOCUMENTS.some((document) => isBelow(lower, document)) || lower.startsWith(`${API_PATHS.docs}-`)) {
    // Off: there is nothing to protect, and the answer is that of any path that does not exist.
    return docsAccess === 'key' ? 'key' : 'open';
  }
  return metadataAccess;
}

function isBelow(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`);
}
