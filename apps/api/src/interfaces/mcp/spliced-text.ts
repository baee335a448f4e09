import { randomBytes } from 'node:crypto';

/** Digits of the number of a piece. */
const DIGITS = 6;

/**
 * JSON that goes into an answer as it is: what stands for it until then is a text that nobody can foresee, so that no script
 * can print it. It is base64 as well, since the SDK looks at what images hold.
 */
export class Splices {
  private readonly prefix = `splice${randomBytes(16).toString('hex')}`;
  private readonly pieces: Buffer[] = [];

  /** Takes the text of one JSON value; returns the text that stands for it. */
  add(json: Buffer | string): string {
    this.pieces.push(Buffer.isBuffer(json) ? json : Buffer.from(json));
    return `${this.prefix}${String(this.pieces.length - 1).padStart(DIGITS, '0')}`;
  }

  /** Returns the parts of a JSON text in which each text that stands for something has made way for it. */
  into(json: string): readonly Buffer[] {
    const parts: Buffer[] = [];
    let from = 0;
    for (;;) {
      const start = json.indexOf(`"${this.prefix}`, from);
      const end = start < 0 ? -1 : json.indexOf('"', start + 1);
      if (end < 0) {
        parts.push(Buffer.from(json.slice(from)));
        return parts;
      }
      const piece = this.pieces[Number(json.slice(start + 1 + this.prefix.length, end))];
      if (!piece) {
        throw new Error('an answer has a place for which there is nothing');
      }
      parts.push(Buffer.from(json.slice(from, start)), piece);
      from = end + 1;
    }
  }
}
