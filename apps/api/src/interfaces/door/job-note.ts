import { RequestFailure } from '../../http/request-failure';
import { MAX_STORED_NOTE_BYTES } from '../../jobs/job-store';
import type { InterfaceName } from '../../configuration/interfaces-options';

/** So much an interface may have kept with a job, bytes of UTF-8. */
export const MAX_NOTE_BYTES = MAX_STORED_NOTE_BYTES - 64;

/** Returns what is kept: by its beginning an interface knows its own jobs. @throws RequestFailure where it is too long */
export function noteText(name: InterfaceName, note: string): string {
  const bytes = Buffer.byteLength(note);
  if (bytes > MAX_NOTE_BYTES) {
    throw noteTooLong(bytes);
  }
  return `${name}:${note}`;
}

export function noteTooLong(bytes: number): RequestFailure {
  return new RequestFailure(
    'PAYLOAD_TOO_LARGE',
    `What is kept with this execution takes ${bytes} bytes, the limit is ${MAX_NOTE_BYTES}: send less`,
  );
}

/** Returns the note; null of a job that is not of this interface. */
export function readNote(name: InterfaceName, kept: string | null): string | null {
  return kept?.startsWith(`${name}:`) ? kept.slice(name.length + 1) : null;
}
