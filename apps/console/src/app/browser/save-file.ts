/** Long enough for any browser to have begun to read the file, milliseconds. */
const KEPT_MS = 60_000;

/** Gives a text to the user as a file. */
export function saveFile(name: string, mimeType: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: `${mimeType};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
