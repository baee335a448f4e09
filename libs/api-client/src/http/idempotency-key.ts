/** A key under which an execution is started once: 128 random bits. Not by `randomUUID`, which browsers have on secure pages only. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
