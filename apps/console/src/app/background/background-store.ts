import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { ApiAddress } from '../address/api-address';
import { resolveTarget } from '../address/resolve-target';
import type { BackgroundRun, GivenRun } from './background-run';
import { MemoryRuns } from './memory-runs';
import { OPEN_RUNS_ARCHIVE } from './open-runs-archive';
import { beyondRunBounds } from './run-bounds';
import type { RunsArchive } from './runs-archive';

/** The runs in the background of the API in force, kept in this browser. */
@Injectable({ providedIn: 'root' })
export class BackgroundStore {
  private readonly address = inject(ApiAddress);
  private readonly openArchive = inject(OPEN_RUNS_ARCHIVE);
  private readonly kept = signal<readonly BackgroundRun[] | null>(null);
  private readonly lasts = signal(true);
  private archive: Promise<RunsArchive> | null = null;
  private reads = 0;

  /** Newest first; null until they have been read. */
  readonly runs = this.kept.asReadonly();
  /** Whether the browser keeps them beyond the page. */
  readonly isLasting = this.lasts.asReadonly();
  /** The absolute address of the API in force; null until it is known. */
  readonly apiUrl = computed(() => {
    const current = this.address.current();
    return current === null ? null : absolute(current);
  });

  constructor() {
    effect(() => {
      this.apiUrl();
      untracked(() => {
        this.kept.set(null);
        void this.read();
      });
    });
  }

  /** The run as it is known now; null where it is not listed. */
  find(key: string): BackgroundRun | null {
    return this.kept()?.find((run) => run.key === key) ?? null;
  }

  /** The run as it is kept now, by whichever tab. */
  async latest(key: string): Promise<BackgroundRun | null> {
    await this.read();
    return this.find(key);
  }

  async add(run: BackgroundRun, given: GivenRun): Promise<void> {
    await this.use((archive) => archive.add(run, given));
    await this.read();
    const tooMany = beyondRunBounds(this.kept() ?? []);
    if (tooMany.length > 0) await this.remove(tooMany);
  }

  async change(key: string, changes: Partial<BackgroundRun>): Promise<void> {
    this.kept.update((runs) => runs?.map((run) => (run.key === key ? { ...run, ...changes } : run)) ?? null);
    const { reads } = this;
    await this.use((archive) => archive.change(key, changes));
    // What was read meanwhile may be of before.
    if (this.reads !== reads) await this.read();
  }

  async forgetBody(key: string): Promise<void> {
    await this.use((archive) => archive.forgetBody(key));
  }

  /** What a run was made of; null where the browser has lost it. */
  givenOf(key: string): Promise<GivenRun | null> {
    return this.use((archive) => archive.givenOf(key));
  }

  async remove(keys: readonly string[]): Promise<void> {
    await this.use((archive) => archive.remove(keys));
    await this.read();
  }

  private async read(): Promise<void> {
    const apiUrl = this.apiUrl();
    if (apiUrl === null) return;
    const runs = await this.use((archive) => archive.runsOf(apiUrl));
    if (this.apiUrl() !== apiUrl) return;
    this.reads += 1;
    this.kept.set(runs);
  }

  /** A browser without working storage loses the list when the page goes, and nothing before. */
  private async use<T>(work: (archive: RunsArchive) => Promise<T>): Promise<T> {
    const opening = (this.archive ??= this.open());
    const archive = await opening;
    try {
      return await work(archive);
    } catch (error) {
      // A DOMException: the storage is full or broken.
      if (archive instanceof MemoryRuns) throw error;
      if (this.archive === opening) this.archive = this.moveToMemory(archive);
      return work(await this.archive);
    }
  }

  private async open(): Promise<RunsArchive> {
    try {
      const archive = await this.openArchive();
      archive.onChange(() => void this.read());
      return archive;
    } catch {
      // A DOMException or a ReferenceError where storage is blocked; or the code could not be fetched.
      this.lasts.set(false);
      return new MemoryRuns();
    }
  }

  private async moveToMemory(broken: RunsArchive): Promise<RunsArchive> {
    this.lasts.set(false);
    const memory = new MemoryRuns();
    for (const run of this.kept() ?? []) {
      const given = await broken.givenOf(run.key).catch(() => null);
      if (given) await memory.add(run, given);
    }
    return memory;
  }
}

/** As keys are kept by it: what is relative to the page may mean another API on another page. */
function absolute(apiUrl: string): string {
  return resolveTarget(apiUrl, '')?.href ?? apiUrl;
}
