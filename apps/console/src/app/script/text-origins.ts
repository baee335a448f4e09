/** A link that was opened and whose script the user has not confirmed yet; opening it twice makes two. */
export type UnreadLink = symbol;

/** A text in the editor, and where it came from. */
export interface OriginatedText {
  readonly text: string;
  /** The link that it came by; null: it is the user's own, or known to them. */
  readonly link: UnreadLink | null;
}

/**
 * Knows which texts came by a link that is not confirmed yet, however they get back into the editor: by undo and redo, by
 * paste, by taking back what replaced them.
 *
 * A text that is not known was made of the one before it, by a key say, and belongs where that belongs. Wherever a
 * link's text and another one meet, both are noted: no steps of undo lead from one to the other unnoticed.
 */
export class TextOrigins {
  private readonly noted = new Map<string, UnreadLink | null>();

  /** The text was changed, by whatever hand. */
  afterEdit(before: OriginatedText, text: string): OriginatedText {
    // Nothing of the link is left in an empty editor.
    const known = text.trim() === '' ? null : this.noted.get(text);
    const after = { text, link: known === undefined ? before.link : known };
    if (after.link !== before.link) this.noteAll(before, after);
    return after;
  }

  /** Another text took its place, by a link or by the user's own choice. */
  afterLoad(before: OriginatedText, text: string, isByLink: boolean): OriginatedText {
    const after = { text, link: isByLink ? Symbol('unread link') : null };
    this.noteAll(before, after);
    return after;
  }

  /** The user knows what came by the link: whatever was made of it may run. */
  afterReading({ text, link }: OriginatedText): OriginatedText {
    for (const [other, from] of this.noted) if (from === link) this.noted.set(other, null);
    const after = { text, link: null };
    this.noteAll(after);
    return after;
  }

  private noteAll(...texts: readonly OriginatedText[]): void {
    for (const { text, link } of texts) this.noted.set(text, link);
  }
}
