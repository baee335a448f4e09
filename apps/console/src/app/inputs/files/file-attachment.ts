import { computed, inject, Injectable, signal } from '@angular/core';
import { newId } from '../../browser/new-id';
import { MetadataStore } from '../../metadata/metadata-store';
import type { AttachedFile } from '../../script/run-setup';
import { SetupStore } from '../../script/setup-store';
import { bytesText } from '../../ui/formatting/figures';
import { contentOf } from './file-content';
import { nameForFile } from './file-names';

const MIB = 1024 * 1024;

/** Attaches files of the user's machine to the script. */
@Injectable({ providedIn: 'root' })
export class FileAttachment {
  private readonly setup = inject(SetupStore);
  private readonly metadata = inject(MetadataStore);
  private readonly said = signal('');

  /** Whether the service takes any. */
  readonly isOffered = this.metadata.takesFiles;
  /** Why it takes none, as far as that is known. */
  readonly refusal = computed(() =>
    this.metadata.isKnown()
      ? 'This API takes no files with a script.'
      : 'It is not known yet whether the API takes files: it has not answered.',
  );
  /** What became of the latest files, as a sentence; empty where that is seen. */
  readonly notice = this.said.asReadonly();

  /** A file of a name that is there already takes its place. */
  async attach(added: readonly File[]): Promise<void> {
    const refusal = this.refusalOf(added);
    this.said.set(refusal ?? '');
    if (refusal !== null || added.length === 0) return;
    try {
      const files = await Promise.all(added.map(read));
      this.setup.changeFiles((current) => withFiles(current, files));
      this.said.set(
        files.length === 1 ? `Attached ${files[0]?.name ?? ''}.` : `Attached ${files.length} files.`,
      );
    } catch (error) {
      // A NotFoundError or NotReadableError: a folder was dropped, or the file has gone.
      if (!(error instanceof DOMException)) throw error;
      this.said.set('It could not be read: it may be a folder, or has been moved. Nothing was attached.');
    }
  }

  rename(id: string, name: string): void {
    this.setup.changeFiles((files) => files.map((file) => (file.id === id ? { ...file, name } : file)));
  }

  remove(id: string): void {
    const removed = this.setup.files().find((file) => file.id === id);
    this.setup.changeFiles((files) => files.filter((file) => file.id !== id));
    if (removed) this.said.set(`Removed ${removed.name}.`);
  }

  /** As a sentence; null where they can be attached. Nothing has been read yet. */
  private refusalOf(added: readonly File[]): string | null {
    if (!this.isOffered()) return this.refusal();
    const { maxFiles, tmpSizeMb } = this.metadata.limits();
    const names = new Set([...this.setup.files().map(({ name }) => name), ...added.map(nameForFile)]);
    if (names.size > maxFiles) {
      return `A run takes at most ${maxFiles} files, and these would be ${names.size}. Nothing was attached.`;
    }
    const replaced = new Set(added.map(nameForFile));
    const kept = this.setup.files().filter(({ name }) => !replaced.has(name));
    const total = [...kept.map(({ sizeBytes }) => sizeBytes), ...added.map(({ size }) => size)];
    const bytes = total.reduce((sum, size) => sum + size, 0);
    return bytes > tmpSizeMb * MIB
      ? `A run has ${tmpSizeMb} MB for its files, and these would take ${bytesText(bytes)}. Nothing was attached.`
      : null;
  }
}

async function read(file: File): Promise<AttachedFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { id: newId(), name: nameForFile(file), sizeBytes: bytes.length, content: contentOf(bytes) };
}

function withFiles(
  current: readonly AttachedFile[],
  added: readonly AttachedFile[],
): readonly AttachedFile[] {
  const byName = new Map([...current, ...added].map((file) => [file.name, file]));
  return Array.from(byName.values());
}
