import { bytesOfBase64 } from '../json/base64';
import type { ArtifactBody } from '../schema/schema';

/** A file that a script left in `output/`, or a figure that it left open. */
export interface Artifact {
  /** Relative path with `/`. A hostile script chose it: the service has made it safe, and it is still to be put below a folder. */
  readonly name: string;
  /** By the extension of the name; what is in the file is the script's. */
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** @returns null where the base64 is none */
export function artifactOf({ name, mediaType, sizeBytes, base64 }: ArtifactBody): Artifact | null {
  const bytes = bytesOfBase64(base64);
  return bytes && { name, mediaType, sizeBytes, bytes };
}
