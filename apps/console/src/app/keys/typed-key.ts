/** What a user typed or pasted as a key. */
export type TypedKey =
  { readonly kind: 'key'; readonly key: string } | { readonly kind: 'mistake'; readonly message: string };

/** No service has longer ones, and headers have bounds; characters. */
const MAX_LENGTH = 512;
/** What any header may have, wherever it passes: ASCII that is seen. */
const FOREIGN = /[^\x21-\x7e]/u;

/** Takes white space off, and refuses what could not be sent as a header. No message shows more of a key than that. */
export function readTypedKey(typed: string): TypedKey {
  const key = typed.trim();
  if (key === '') return mistake('Enter the key. It begins with pycell_ where the service has made it.');
  const foreign = FOREIGN.exec(key)?.[0];
  if (foreign !== undefined) {
    return mistake(
      /^\s$/.test(foreign)
        ? 'Keys have no spaces or line breaks. Copy the key alone, and enter it again.'
        : `Keys have letters, digits and signs of ASCII only, and this one has ${shown(foreign)}. Copy it again.`,
    );
  }
  if (key.length > MAX_LENGTH) {
    return mistake(`This has ${key.length} characters, and no key is that long. Copy the key alone.`);
  }
  return { kind: 'key', key };
}

/** Whether a kept text is a key that can be sent: somebody may have written it. */
export function isKey(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.length <= MAX_LENGTH && !FOREIGN.test(text);
}

/** A character, and its code where it is none that is seen. */
function shown(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? `“${character}”` : `an unseen one (U+${code})`;
}

function mistake(message: string): TypedKey {
  return { kind: 'mistake', message };
}
