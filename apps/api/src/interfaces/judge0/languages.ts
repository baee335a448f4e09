/** Judge0's ids of Python 3, of its CE and Extra CE; all are run by the one Python that there is. */
const LANGUAGES = [
  { id: 10, name: 'Python for ML' },
  { id: 25, name: 'Python for ML' },
  { id: 31, name: 'Python for ML' },
  { id: 32, name: 'Python for ML' },
  { id: 33, name: 'Python for ML' },
  { id: 71, name: 'Python' },
  { id: 92, name: 'Python' },
  { id: 100, name: 'Python' },
  { id: 109, name: 'Python' },
  { id: 113, name: 'Python' },
] as const;

export interface Judge0Language {
  readonly id: number;
  readonly name: string;
}

/** Returns what Judge0 lists. @param version of the Python that there is; null while that is not known */
export function languagesOf(version: string | null): readonly Judge0Language[] {
  return LANGUAGES.map(({ id, name }) => ({ id, name: version === null ? name : `${name} (${version})` }));
}

/** Returns one; undefined where it is none of these. */
export function languageOf(id: number, version: string | null): Judge0Language | undefined {
  return languagesOf(version).find((language) => language.id === id);
}

export function isLanguage(id: number): boolean {
  return LANGUAGES.some((language) => language.id === id);
}
