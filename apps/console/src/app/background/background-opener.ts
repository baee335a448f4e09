import { effect, inject, Injectable, untracked } from '@angular/core';
import { ApiAddress } from '../address/api-address';
import { ExecutionsClient } from '../api/executions-client';
import { isAboutKey, type RunOutcome } from '../api/run-outcome';
import { HistoryStore } from '../history/history-store';
import { ScriptReplacement } from '../history/script-replacement';
import { KeyPrompt } from '../keys/key-prompt';
import { describeOutcome } from '../outcomes/outcome-description';
import { RunStore } from '../runs/run-store';
import { ToastStore } from '../ui/toast/toast-store';
import { BackgroundFollowing } from './background-following';
import { BackgroundNotices } from './background-notices';
import { type BackgroundRun, factsOf, type GivenRun, isFollowed } from './background-run';
import { BackgroundStore } from './background-store';
import { EndedRuns, type FoundEnd, finishedRun, historyIdOf } from './ended-run';
import { sentenceOf } from './outcome-sentence';

/** Shows a run in the background beside its script, and ends one. */
@Injectable({ providedIn: 'root' })
export class BackgroundOpener {
  private readonly store = inject(BackgroundStore);
  private readonly following = inject(BackgroundFollowing);
  private readonly address = inject(ApiAddress);
  private readonly client = inject(ExecutionsClient);
  private readonly ended = inject(EndedRuns);
  private readonly history = inject(HistoryStore);
  private readonly replacement = inject(ScriptReplacement);
  private readonly runs = inject(RunStore);
  private readonly notices = inject(BackgroundNotices);
  private readonly toasts = inject(ToastStore);
  private readonly prompt = inject(KeyPrompt);
  private opening = new AbortController();

  constructor() {
    effect(() => {
      const run = this.store.find(this.notices.asked() ?? '');
      if (!run) return;
      untracked(() => {
        this.notices.taken();
        void this.open(run);
      });
    });
  }

  /**
   * Loads the script of a run into the editor, and shows what it prints, or what came of it; the latest call wins.
   * @returns whether something is shown
   */
  async open(run: BackgroundRun): Promise<boolean> {
    this.opening.abort();
    const opening = new AbortController();
    this.opening = opening;
    const given = await this.store.givenOf(run.key);
    if (given === null) {
      this.toasts.show({ tone: 'warning', message: 'The browser has lost the script of this run.' });
      return false;
    }
    if (run.id === null) {
      this.show(run, given, { outcome: null, message: `Showing ${run.title}, whose start is not answered.` });
      return true;
    }
    if (isFollowed(run)) {
      this.watch(run, given);
      return true;
    }
    const found = await this.find(run, run.id, opening.signal);
    if (opening.signal.aborted || found.kind === 'cancelled') return false;
    if (found.kind === 'refused') {
      this.toasts.show({ tone: 'warning', message: `Not shown. ${sentenceOf(found.outcome)}` });
      return false;
    }
    if (found.kind === 'goes-on') {
      const facts = factsOf(found.facts, run.skewMs);
      await this.store.change(run.key, facts);
      this.watch({ ...run, ...facts }, given);
      return true;
    }
    if (found.kind === 'kept') {
      if (run.status === 'forgotten') await this.recall(run, found);
      this.show(run, given, { outcome: found.outcome, message: `Showing what came of ${run.title}.` });
      return true;
    }
    await this.store.change(run.key, { status: 'forgotten' });
    const kept = await this.history.outcomeOf(historyIdOf(run));
    const rest = kept ? 'This is what the history has of it.' : 'Its script is in the editor.';
    this.show(run, given, { outcome: kept, message: `The API no longer keeps ${run.title}. ${rest}` });
    return true;
  }

  async cancel(run: BackgroundRun): Promise<void> {
    if (run.id === null) return;
    const apiUrl = this.address.current() ?? run.apiUrl;
    const answer = await this.client.cancel(apiUrl, run.id, new AbortController().signal);
    const isKeyWanted = answer.kind === 'refused' && isAboutKey(answer.outcome);
    if (isKeyWanted && (await this.prompt.ask())) {
      await this.cancel(run);
      return;
    }
    if (answer.kind === 'known' || answer.kind === 'forgotten') {
      await this.following.learn(run, answer);
    } else if (answer.kind === 'refused') {
      this.toasts.show({ tone: 'warning', message: `Not cancelled. ${sentenceOf(answer.outcome)}` });
    }
  }

  private watch(run: BackgroundRun, given: GivenRun): void {
    this.replace(given, `Showing ${run.title}, which runs in the background.`);
    const watched = this.following.follow(run);
    if (watched) this.runs.watch(watched);
  }

  /** It was forgotten for the key of then. */
  private async recall(run: BackgroundRun, { facts, outcome }: FoundEnd & { kind: 'kept' }): Promise<void> {
    const { tone, title } = describeOutcome(outcome);
    await this.store.change(run.key, { ...factsOf(facts, run.skewMs), outcome: { tone, title } });
  }

  private async find(run: BackgroundRun, id: string, signal: AbortSignal): Promise<FoundEnd> {
    const apiUrl = this.address.current() ?? run.apiUrl;
    const found = await this.ended.find(apiUrl, id, signal);
    const isKeyWanted = found.kind === 'refused' && isAboutKey(found.outcome);
    return isKeyWanted && (await this.prompt.ask(signal)) ? this.find(run, id, signal) : found;
  }

  private show(
    run: BackgroundRun,
    given: GivenRun,
    { outcome, message }: { readonly outcome: RunOutcome | null; readonly message: string },
  ): void {
    this.replace(given, message);
    this.runs.show(outcome, outcome && finishedRun(run, given, outcome));
  }

  private replace({ script, setup }: GivenRun, message: string): void {
    this.replacement.replace({ text: script, setup, message });
  }
}
