import { type Artifact, mediaTypeOf } from '@pycell/contracts';
import type { RunArtifact } from '@pycell/sandbox';

/** Returns what the answer tells of an artifact. */
export function artifactOf({ name, bytes }: RunArtifact): Artifact {
  return {
    name,
    mediaType: mediaTypeOf(name),
    sizeBytes: bytes.length,
    base64: bytes.toString('base64'),
  };
}
