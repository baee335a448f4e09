/** What a body says. */
export interface ScannedBody {
  /** Any JSON value; an object has its large parts as `BodyBytes`. Lists and objects that no field is for are empty. */
  readonly value: unknown;
  /** Of a string that is longer than a script may be: how many characters it has. Its value is only its beginning. */
  readonly tooLong: { readonly path: string; readonly characters: number } | null;
}
