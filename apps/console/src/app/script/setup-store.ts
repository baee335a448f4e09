import { computed, inject, Injectable, signal } from '@angular/core';
import {
  type AttachedFile,
  type FileContent,
  isSameSetup,
  PLAIN_SETUP,
  type RunSetup,
  withoutContents,
} from './run-setup';
import { ScriptAutosave } from './script-autosave';

/** What stood there before another setup was loaded. */
export interface ReplacedSetup {
  readonly setup: RunSetup;
  readonly baseline: RunSetup;
}

/** What the script in the editor is run with. It is kept with the script, and replaced with it. */
@Injectable({ providedIn: 'root' })
export class SetupStore {
  private readonly current = signal<RunSetup>(inject(ScriptAutosave).read()?.setup ?? PLAIN_SETUP);
  private readonly baseline = signal<RunSetup>(PLAIN_SETUP);
  private readonly loaded = signal(0);

  readonly setup = this.current.asReadonly();
  readonly mode = computed(() => this.current().mode);
  readonly inputs = computed(() => this.current().inputs);
  readonly stdin = computed(() => this.current().stdin);
  readonly files = computed(() => this.current().files);
  readonly limits = computed(() => this.current().limits);
  /** How many times it was replaced, with the script: what is known of the script before is no more. */
  readonly loads = this.loaded.asReadonly();
  /** As it is kept beside the script: contents of files are kept elsewhere. */
  readonly kept = computed(() => withoutContents(this.current()), { equal: isSameSetup });
  /** Whether the user has changed something that replacing it would take away. */
  readonly isEdited = computed(() => !isSameSetup(this.current(), this.baseline()));

  change(changes: Partial<RunSetup>): void {
    this.current.update((setup) => ({ ...setup, ...changes }));
  }

  changeFiles(change: (files: readonly AttachedFile[]) => readonly AttachedFile[]): void {
    this.change({ files: change(this.files()) });
  }

  /** Contents that were kept elsewhere have been read. */
  fill(contents: ReadonlyMap<string, FileContent>): void {
    if (contents.size === 0) return;
    this.changeFiles((files) =>
      files.map((file) => (file.content ? file : { ...file, content: contents.get(file.id) ?? null })),
    );
  }

  /** @returns what was there, for `restore` */
  load(setup: RunSetup): ReplacedSetup {
    const replaced = { setup: this.current(), baseline: this.baseline() };
    this.restore({ setup, baseline: setup });
    return replaced;
  }

  restore({ setup, baseline }: ReplacedSetup): void {
    this.baseline.set(baseline);
    this.current.set(setup);
    this.loaded.update((count) => count + 1);
  }
}
