import { inject, Injectable, signal } from '@angular/core';
import { describeOutcome } from '../outcomes/outcome-description';
import type { RunOutcome } from '../api/run-outcome';
import { ToastStore } from '../ui/toast/toast-store';
import type { BackgroundRun } from './background-run';

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

  /** The API has not taken a run, and something else is shown beside the script. */
  refused(outcome: RunOutcome): void {
    const { title, detail, tone } = describeOutcome(outcome);
    this.toasts.show({
      topic: 'background start',
      tone: tone === 'success' ? 'neutral' : tone,
      message: `Not started in the background. ${title}${detail === '' ? '' : `: ${detail}`}`,
    });
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
