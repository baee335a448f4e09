import type { ForeignArtifact } from '../door/foreign-outcome';
import { imageSize } from './image-size';

/** Images of one answer: what a model is shown costs it much of its context. */
export const MAX_IMAGES = 8;
/** All of them together, bytes before base64: 5 MiB behind it, which APIs of models take of one image. */
export const MAX_IMAGE_BYTES = 3.75 * 1024 * 1024;
/** Pixels of a side, which APIs of models take. */
export const MAX_IMAGE_SIDE = 8_000;

/**
 * Returns the artifacts that a model is shown. An image that its API refuses stays in the conversation, which cannot go on then:
 * what is none, only its beginning, or too large is left out. Figures come last among the artifacts, and are what a model asked
 * for: the newest images are taken first.
 */
export function shownImages(artifacts: readonly ForeignArtifact[]): readonly ForeignArtifact[] {
  const taken: ForeignArtifact[] = [];
  let bytes = 0;
  for (const artifact of artifacts.toReversed()) {
    const fits = taken.length < MAX_IMAGES && bytes + artifact.bytes.length <= MAX_IMAGE_BYTES;
    if (fits && canBeShown(artifact)) {
      taken.push(artifact);
      bytes += artifact.bytes.length;
    }
  }
  return taken.reverse();
}

function canBeShown({ bytes, contentType }: ForeignArtifact): boolean {
  const size = imageSize(bytes, contentType);
  return size !== null && [size.width, size.height].every((side) => side >= 1 && side <= MAX_IMAGE_SIDE);
}
