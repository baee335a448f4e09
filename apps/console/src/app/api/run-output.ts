import { signal } from '@angular/core';
import type { ReceivedOutput } from '@pycell/api-client';
import type { Artifact } from '@pycell/contracts';
import { OutputLog } from './output-log';

export type StreamName = 'stdout' | 'stderr';

const NAMES: readonly StreamName[] = ['stdout', 'stderr'];

/**
 * What has come of a run that goes on. Those who show it are told that there is more, and fetch it when they can show it:
 * nothing is kept for them, so nothing piles up while the page is hidden.
 */
export class RunOutput {
  readonly stdout = new OutputLog();
  readonly stderr = new OutputLog();
  private readonly left: Artifact[] = [];
  private readonly begun = signal<readonly StreamName[]>([]);
  private readonly listeners = new Set<() => void>();

  /** The streams that something was written to. */
  readonly written = this.begun.asReadonly();

  write(name: StreamName, text: string): void {
    if (text === '') return;
    this[name].append(text);
    if (!this.begun().includes(name)) this.begun.set(NAMES.filter((each) => this[each].length > 0));
  }

  leave(artifact: Artifact): void {
    this.left.push(artifact);
  }

  /** Tells that more may have come; once for many pieces. */
  tell(): void {
    for (const listener of this.listeners) listener();
  }

  /** @returns ends it */
  onMore(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Everything that has come. */
  received(): ReceivedOutput {
    return { stdout: this.stdout.text(), stderr: this.stderr.text(), artifacts: [...this.left] };
  }
}
