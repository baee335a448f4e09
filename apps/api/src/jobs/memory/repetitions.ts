import { createHash, webcrypto } from 'node:crypto';

/** Larger bodies are hashed beside the event loop. */
const SMALL_BYTES = 64 * 1024;

interface First {
  readonly id: string;
  readonly body: string;
}

/** Tells by idempotency keys whether a job was accepted before. */
export class Repetitions {
  private readonly known = new Map<string, First>();

  find(name: string): First | null {
    return this.known.get(name) ?? null;
  }

  remember(name: string, first: First): void {
    this.known.set(name, first);
  }

  forget(name: string | null): void {
    if (name !== null) {
      this.known.delete(name);
    }
  }
}

/** Returns the name under which a job of an owner is remembered by its idempotency key. */
export function repetitionOf(owner: string, idempotencyKey: string): string {
  return createHash('sha256')
    .update(JSON.stringify([owner, idempotencyKey]))
    .digest('hex');
}

/** Returns by what two bodies are compared. */
export async function digestOf(body: Buffer): Promise<string> {
  return body.length <= SMALL_BYTES
    ? createHash('sha256').update(body).digest('hex')
    : Buffer.from(await webcrypto.subtle.digest('SHA-256', body)).toString('hex');
}
