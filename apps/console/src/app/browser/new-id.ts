/** An id that nothing else has. `crypto.randomUUID` exists only where the page came by https or from this machine. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}
