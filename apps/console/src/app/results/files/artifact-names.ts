/** Characters that are not seen, or change how those around them are seen: controls, marks of direction, line separators. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A name as it is shown: a name that a program made up must not look like another one. */
export function shownName(name: string): string {
  return name.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The name under which a file is saved: its last step, without what is not seen. */
export function savedName(name: string): string {
  const step = name.split(/[/\\]/).at(-1) ?? '';
  return step.replace(UNSEEN, '').replace(/^\.+/, '') || 'file';
}
