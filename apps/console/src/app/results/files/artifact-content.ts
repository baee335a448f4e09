import type { Artifact } from '@pycell/contracts';
import { bytesOfBase64 } from '@pycell/api-client';

/** What a browser draws, as it is put into an address of an image: nothing that the service says goes in there. */
const IMAGE_TYPES: Readonly<Record<string, string>> = {
  'image/png': 'image/png',
  'image/jpeg': 'image/jpeg',
  'image/gif': 'image/gif',
  'image/webp': 'image/webp',
  'image/svg+xml': 'image/svg+xml',
};
const TEXT_TYPES =
  /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|x-ndjson|toml|javascript)$|image\/svg\+xml$)/;
const TABLE_TYPES = /^text\/(?:csv|tab-separated-values)$/;

/**
 * The address of an image, for `img` only: there, scripts of an SVG do not run and nothing is fetched for it. It is a
 * `data:` address, since what one opens of such in a tab has no origin, while a `blob:` would have this page's.
 *
 * @returns null for what is no image
 */
export function imageSource({ mediaType, base64 }: Artifact): string | null {
  const type = Object.hasOwn(IMAGE_TYPES, mediaType) ? IMAGE_TYPES[mediaType] : undefined;
  return type === undefined ? null : `data:${type};base64,${base64}`;
}

export function isTextual({ mediaType }: Artifact): boolean {
  return TEXT_TYPES.test(mediaType);
}

export function isTable({ mediaType }: Artifact): boolean {
  return TABLE_TYPES.test(mediaType);
}

/** The content as text; what is no UTF-8 in it becomes U+FFFD. */
export function textOf({ base64 }: Artifact): string {
  return new TextDecoder().decode(bytesOfBase64(base64) ?? new Uint8Array());
}
