import { base64Of } from '@pycell/api-client';
import type { FileContent } from '../../script/run-setup';

/** The content of a file as it is sent: as text where it is UTF-8, and what the text becomes again is the same bytes. */
export function contentOf(bytes: Uint8Array): FileContent {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    // A TypeError: it is no UTF-8.
    return { base64: base64Of(bytes) };
  }
}
