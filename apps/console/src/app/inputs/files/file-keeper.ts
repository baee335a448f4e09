import { effect, inject, Injectable, untracked } from '@angular/core';
import { keptFiles } from '../../script/kept-files';
import type { AttachedFile } from '../../script/run-setup';
import { SetupStore } from '../../script/setup-store';
import type { FileArchive } from './file-archive';
import { OPEN_FILE_ARCHIVE } from './open-file-archive';

/** Keeps the contents of attached files in the browser, beside the script, and brings them back after a reload. */
@Injectable({ providedIn: 'root' })
export class FileKeeper {
  private readonly setup = inject(SetupStore);
  private readonly open = inject(OPEN_FILE_ARCHIVE);
  private archive: Promise<FileArchive> | null = null;
  /** Ids of contents that have been written, or looked for. */
  private readonly settled = new Set<string>();

  constructor() {
    effect(() => {
      const files = this.setup.files();
      untracked(() => void this.follow(files));
    });
  }

  private async follow(files: readonly AttachedFile[]): Promise<void> {
    const lost = files.filter(({ id, content }) => content === null && !this.settled.has(id));
    const fresh = keptFiles(files).filter(({ id }) => !this.settled.has(id));
    if (lost.length === 0 && fresh.length === 0) return;
    for (const { id } of [...lost, ...fresh]) this.settled.add(id);
    try {
      const archive = await (this.archive ??= this.open());
      await archive.put(fresh);
      this.setup.fill(await archive.read(lost.map(({ id }) => id)));
    } catch {
      // A DOMException: the browser keeps nothing for this page, or is full. The files are there as long as the page.
      this.archive = null;
    }
  }
}
