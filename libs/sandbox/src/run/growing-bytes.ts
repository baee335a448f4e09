/** What is allocated first; a run that prints, prints a few lines. */
const FIRST_BYTES = 1024;

/** Bytes in one piece that grows: what came in many small pieces costs no object for each. */
export class GrowingBytes {
  private bytes = Buffer.alloc(0);
  private length = 0;

  append(piece: Buffer): void {
    const end = this.length + piece.length;
    if (end > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(FIRST_BYTES, 2 * this.bytes.length, end));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    piece.copy(this.bytes, this.length);
    this.length = end;
  }

  /** Returns a view of what is there; it holds until the next `append`. */
  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}
