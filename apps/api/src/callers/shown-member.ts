/** What a list or an object of a file may hold. */
export type Member = Readonly<Record<string, unknown>>;

/** Shorter than a key and than a hash. */
const FIELD_FORM = /^[A-Za-z][A-Za-z0-9]{0,31}$/;

export function isMember(value: unknown): value is Member {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How parts of a file of keys are told: never a text that could be a key or a hash in the wrong place. */
export const shown = {
  value(value: unknown): string {
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) {
      return String(value);
    }
    if (Array.isArray(value)) {
      return `a list of ${value.length}`;
    }
    if (typeof value === 'string') {
      return `a text of ${value.length} characters`;
    }
    return value === undefined ? 'missing' : 'an object';
  },

  /** The name of a field, whether or not it is one that there may be. */
  member(name: string): string {
    return FIELD_FORM.test(name) ? `"${name}"` : 'a name';
  },

  field(name: string): string {
    return FIELD_FORM.test(name) ? `the unknown field "${name}"` : 'an unknown field';
  },
};
