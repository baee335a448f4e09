/** A message of the runner that is not what docs/protocol.md says. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}
