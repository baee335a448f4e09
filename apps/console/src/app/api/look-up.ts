/** What a record has under a name that came from elsewhere: `constructor`, which every object has, is none of its own. */
export function lookUp<T>(record: Readonly<Partial<Record<string, T>>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
