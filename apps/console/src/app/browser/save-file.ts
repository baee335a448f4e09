/** Long enough for any browser to have begun to read the file, milliseconds. */
const KEPT_MS = 60_000;

/** Gives a text to the user as a file. */
export function saveFile(name: string, mimeType: string, content: string): void {
  save(name, new Blob([content], { type: `${mimeType};charset=utf-8` }));
}

/** Gives bytes to the user as a file. They are of no type that a browser would open as a document of this page. */
export function saveBytes(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  save(name, new Blob([bytes], { type: 'application/octet-stream' }));
}

function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
