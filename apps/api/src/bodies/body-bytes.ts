/**
 * A large part of a request, as the bytes that go to Python: the validation sees that it is there and right. They are
 * hidden from whatever walks over the members of objects, of which a buffer has one for each byte.
 */
export class BodyBytes {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }
}

/** Many of them, hidden alike: whatever walks over the elements of lists would hold the event loop for thousands. */
export class BodyBytesList {
  readonly #all: readonly Buffer[];

  constructor(all: readonly Buffer[]) {
    this.#all = all;
  }

  get all(): readonly Buffer[] {
    return this.#all;
  }
}
