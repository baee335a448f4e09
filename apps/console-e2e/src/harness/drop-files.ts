import type { Locator } from 'playwright-core';

/** A file of the user's machine. */
export interface LocalFile {
  readonly name: string;
  readonly content: string;
  /** The content is repeated up to that. */
  readonly sizeBytes?: number;
}

/** Drags files from elsewhere over an element, and lets them go there. */
export async function dropFiles(target: Locator, files: readonly LocalFile[]): Promise<void> {
  await target.evaluate((element, dropped) => {
    const dataTransfer = new DataTransfer();
    for (const { name, content, sizeBytes } of dropped) {
      const whole = content.repeat(sizeBytes === undefined ? 1 : Math.ceil(sizeBytes / content.length));
      dataTransfer.items.add(new File([whole], name));
    }
    const init = { dataTransfer, bubbles: true, cancelable: true, composed: true };
    for (const type of ['dragenter', 'dragover', 'drop']) element.dispatchEvent(new DragEvent(type, init));
  }, files);
}
