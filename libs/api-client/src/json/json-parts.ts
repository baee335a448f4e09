import { endOfString, endOfValue, skipSpace } from './json-scan';

/** A member of an object, its value being the JSON text as it was written. */
export interface JsonMember {
  readonly name: string;
  readonly json: string;
}

/**
 * The members of the object that a JSON text holds, in order. The text must be JSON, which `JSON.parse` says.
 *
 * @returns null where the text is no object
 */
export function membersOf(json: string): readonly JsonMember[] | null {
  let at = skipSpace(json, 0);
  if (json[at] !== '{') return null;
  const members: JsonMember[] = [];
  at = skipSpace(json, at + 1);
  while (json[at] === '"') {
    const keyEnd = endOfString(json, at);
    if (keyEnd === null) return null;
    const name = JSON.parse(json.slice(at, keyEnd)) as string;
    const start = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const end = endOfValue(json, start);
    if (end === null) return null;
    members.push({ name, json: json.slice(start, end) });
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return members;
}

/**
 * The items of the list that a JSON text holds, each as it was written. The text must be JSON.
 *
 * @returns null where the text is no list
 */
export function itemsOf(json: string): readonly string[] | null {
  let at = skipSpace(json, 0);
  if (json[at] !== '[') return null;
  const items: string[] = [];
  at = skipSpace(json, at + 1);
  while (at < json.length && json[at] !== ']') {
    const end = endOfValue(json, at);
    if (end === null) return null;
    items.push(json.slice(at, end));
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return items;
}

/** The JSON text of one member; null where there is none. */
export function memberOf(json: string, name: string): string | null {
  return membersOf(json)?.find((member) => member.name === name)?.json ?? null;
}
