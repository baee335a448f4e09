import type { ReadFile } from './cgroup-files';

/** Reads from files that are given, as a host would show them. */
export function hostWith(files: Readonly<Record<string, string>>): ReadFile {
  return (file) => {
    const text = files[file];
    if (text === undefined) {
      throw Object.assign(new Error(`ENOENT: ${file}`), { code: 'ENOENT' });
    }
    return text;
  };
}
