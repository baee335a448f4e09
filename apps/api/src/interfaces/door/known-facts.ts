/** An object whose members are there only where they are known. */
export type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Returns the members that are known, in their order: what is undefined is left out. */
export function known<T extends object>(facts: T): Known<T> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Known<T>;
}
