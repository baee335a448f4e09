/** The version of docs/protocol.md, by which service and runner know each other. A new type, field or mode takes a new one. */
export const PROTOCOL_VERSION = 9;
