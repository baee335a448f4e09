import type { BackgroundRun, GivenRun } from './background-run';
import type { RunsArchive } from './runs-archive';

/** Keeps runs as long as the page, where the browser keeps nothing. */
export class MemoryRuns implements RunsArchive {
  private readonly runs = new Map<string, { readonly run: BackgroundRun; readonly given: GivenRun }>();

  runsOf(apiUrl: string): Promise<readonly BackgroundRun[]> {
    const runs = Array.from(this.runs.values(), ({ run }) => run);
    return Promise.resolve(runs.filter((run) => run.apiUrl === apiUrl).sort((a, b) => b.at - a.at));
  }

  givenOf(key: string): Promise<GivenRun | null> {
    return Promise.resolve(this.runs.get(key)?.given ?? null);
  }

  add(run: BackgroundRun, given: GivenRun): Promise<void> {
    this.runs.set(run.key, { run, given });
    return Promise.resolve();
  }

  change(key: string, changes: Partial<BackgroundRun>): Promise<void> {
    const known = this.runs.get(key);
    if (known) this.runs.set(key, { ...known, run: { ...known.run, ...changes } });
    return Promise.resolve();
  }

  forgetBody(key: string): Promise<void> {
    const known = this.runs.get(key);
    if (known) this.runs.set(key, { ...known, given: { ...known.given, body: null } });
    return Promise.resolve();
  }

  remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.runs.delete(key);
    return Promise.resolve();
  }

  /** No other tab sees it. */
  onChange(_changed: () => void): void {
    return;
  }
}
