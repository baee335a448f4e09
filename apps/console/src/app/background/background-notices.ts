import { inject, Injectable, signal } from '@angular/core';
import type { RunOutcome } from '../api/run-outcome';
import { ToastStore } from '../ui/toast/toast-store';
import type { BackgroundRun } from './background-run';
import { sentenceOf } from './outcome-sentence';

/** Tells quietly what has become of runs while the user does something else: by a toast, and by nothing beyond the page. */
@Injectable({ providedIn: 'root' })
export class BackgroundNotices {
  private readonly toasts = inject(ToastStore);
  private readonly wanted = signal<string | null>(null);

  /** The run that the user wants to see; whoever opens runs takes it. */
  readonly asked = this.wanted.asReadonly();

  ended(run: BackgroundRun): void {
    whenVisible(() =>
      this.toasts.show({
        topic: `background ${run.key}`,
        message: `In the background: ${run.title}: ${run.outcome?.title ?? 'ended'}.`,
        ...(run.outcome?.tone === 'error' && { tone: 'error' as const }),
        ...(run.outcome?.tone === 'success' && { tone: 'success' as const }),
        action: { label: 'Show', run: () => this.wanted.set(run.key) },
      }),
    );
  }

  forgotten({ key, title }: BackgroundRun): void {
    whenVisible(() =>
      this.toasts.show({
        topic: `background ${key}`,
        tone: 'warning',
        message: `The API no longer keeps ${title}, which was started in the background.`,
      }),
    );
  }

  /**
   * A run was not started, and something else is shown beside the script in the editor.
   * @param kept what the history has of it; nothing where its script is in the editor
   */
  refused(outcome: RunOutcome, kept = ''): void {
    const rest = kept === '' ? '' : ` The history has ${kept}.`;
    const message = `Not started in the background. ${sentenceOf(outcome)}${rest}`;
    this.toasts.show({ topic: 'background start', tone: 'warning', message });
  }

  unanswered(): void {
    this.say(
      'The API has not answered: whether the run was started is not known. The list of background runs lets you try again.',
      'warning',
    );
  }

  say(message: string, tone: 'neutral' | 'warning' = 'neutral'): void {
    this.toasts.show({ topic: 'background start', tone, message });
  }

  taken(): void {
    this.wanted.set(null);
  }
}

/** A notice that comes while the page is hidden would have gone before anybody sees it. */
function whenVisible(show: () => void): void {
  if (document.visibilityState === 'visible') {
    show();
    return;
  }
  const wait = (): void => {
    if (document.visibilityState !== 'visible') return;
    document.removeEventListener('visibilitychange', wait);
    show();
  };
  document.addEventListener('visibilitychange', wait);
}
