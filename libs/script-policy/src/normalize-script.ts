/**
 * CRLF and lone CR become LF, and byte order marks at the very start go, as Python does with a file. Nothing else
 * changes, and doing it twice changes nothing more.
 *
 * Python ends a line at a lone CR and most parsers do not, so `# note\rimport os` would hide an import. The
 * service runs the text that this returns, so that what was checked is what runs.
 */
export function normalizeScript(script: string): string {
  return script.replace(/^\uFEFF+/, '').replace(/\r\n?/g, '\n');
}
