/** There may be thousands of small strings: so many bytes of them are told together. */
const TOLD_BYTES = 64 * 1024;

/** Counts the strings that are made of a body, at two bytes a character. */
export class MadeStrings {
  private untold = 0;

  /** @param hold told of bytes that are held beside the body */
  constructor(private readonly hold?: (bytes: number) => void) {}

  /** @param bytes of the string in the body: as many characters at most */
  add(bytes: number): void {
    this.untold += 2 * bytes;
    if (this.untold > TOLD_BYTES) {
      this.tell();
    }
  }

  /** Tells of what is left. */
  tell(): void {
    this.hold?.(this.untold);
    this.untold = 0;
  }
}
