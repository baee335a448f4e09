import type { Request } from 'express';
import { isBelow, pathOf } from '../http/foreign-forms';
import type { Access } from './access';

/** How the clients of an interface name their keys. */
export interface ForeignDoor {
  /** Lower-case paths that are its own, with what lies below them. */
  readonly prefixes: readonly string[];
  /** Lower-case names of headers with keys, besides ours. */
  readonly keyHeaders: readonly string[];
  /** Paths of GET that are answered without a key. */
  readonly openPaths: readonly string[];
  /** The name of the key whose terms hold for requests without one; null where they are refused. */
  readonly keyName: string | null;
}

/** Returns the door to which a request came; null of one that came to our own API. */
export function doorOf(request: Request, doors: readonly ForeignDoor[]): ForeignDoor | null {
  if (doors.length === 0) {
    return null;
  }
  const path = pathOf(request);
  return doors.find(({ prefixes }) => isBelow(path, prefixes)) ?? null;
}

/** Returns what a request to a door has to do with keys. */
export function accessAt(request: Request, { openPaths }: ForeignDoor): Access {
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  return isReading && openPaths.includes(pathOf(request)) ? 'open' : 'key';
}
