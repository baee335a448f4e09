import { setImmediate } from 'node:timers/promises';
import { type Artifact, mediaTypeOf } from '@pycell/contracts';
import type { RunArtifact } from '@pycell/sandbox';

/** Encoded in one go: a millisecond in which nobody else is served. A multiple of three, so that pieces can be joined. */
const SLICE_BYTES = 3 * 256 * 1024;

/** Returns what an answer says of an artifact, but its content. */
export function artifactFacts({ name, bytes }: RunArtifact): Omit<Artifact, 'base64'> {
  return { name, mediaType: mediaTypeOf(name), sizeBytes: bytes.length };
}

/**
 * Returns the JSON text of artifacts as an answer has them, in pieces. Nothing in it needs an escape but the name: base64
 * is plain ASCII.
 */
export async function artifactPieces(artifacts: readonly RunArtifact[]): Promise<readonly Buffer[]> {
  const pieces: Buffer[] = [];
  for (const [index, artifact] of artifacts.entries()) {
    const { bytes } = artifact;
    const facts = JSON.stringify(artifactFacts(artifact));
    pieces.push(Buffer.from(`${index === 0 ? '[' : ','}${facts.slice(0, -1)},"base64":"`));
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      pieces.push(Buffer.from(bytes.toString('base64', at, at + SLICE_BYTES), 'latin1'));
      if (at + SLICE_BYTES < bytes.length) {
        await setImmediate();
      }
    }
    pieces.push(Buffer.from('"}'));
  }
  pieces.push(Buffer.from(artifacts.length === 0 ? '[]' : ']'));
  return pieces;
}
