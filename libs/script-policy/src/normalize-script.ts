/**
 * CRLF and lone CR become LF; nothing else changes.
 *
 * Python ends a line at a lone CR and most parsers do not, so `# note\rimport os` would hide an import. The
 * service runs the text that this returns, so that what was checked is what runs.
 */
export function normalizeScript(script: string): string {
  return script.replace(/\r\n?/g, '\n');
}
