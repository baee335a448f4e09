const MAX_SHOWN_CHARACTERS = 100;

/** Returns a name, or another text of a client, as a message shows it: in quotes, and not all of a long one. */
export function shownName(name: string): string {
  return JSON.stringify(
    name.length > MAX_SHOWN_CHARACTERS ? `${name.slice(0, MAX_SHOWN_CHARACTERS)}…` : name,
  );
}

/** Returns a value as a message shows it: what lists and objects hold is not repeated. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') {
    return shownName(value);
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeName(value);
}

/** Returns what a value is in the words of JSON. */
export function typeName(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (typeof value === 'object') {
    return Array.isArray(value) ? 'an array' : 'an object';
  }
  return `a ${typeof value}`;
}

/** Whether a value is what JSON calls an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
