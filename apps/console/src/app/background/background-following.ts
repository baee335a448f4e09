import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { ApiAddress } from '../address/api-address';
import { hasEnded } from '../api/asynchronous-execution';
import { ExecutionsClient } from '../api/executions-client';
import { HistoryStore } from '../history/history-store';
import { recordOfRun } from '../history/history-entry';
import { KeyStore } from '../keys/key-store';
import { describeOutcome } from '../outcomes/outcome-description';
import { RunStore, type WatchedRun } from '../runs/run-store';
import { type BackgroundRun, factsOf, isFollowed } from './background-run';
import { BackgroundNotices } from './background-notices';
import { BackgroundStore } from './background-store';
import { EndedRuns, finishedRun, historyIdOf } from './ended-run';
import { type News, RunFollower } from './run-follower';

/** Browsers hold six connections to a server of HTTP/1.1, for all tabs: the page needs some for the rest. */
const MOST_STREAMS = 2;
/** Between two questions about a run that has no stream; longer where there are many. Milliseconds. */
const PAUSE_MS = 3_000;
const PAUSE_MS_EACH = 1_000;
/** The same while nobody sees the page. */
const HIDDEN_PAUSE_MS = 60_000;
const TICK_MS = 1_000;

interface Followed {
  readonly follower: RunFollower;
  readonly leaving: AbortController;
  readonly watched: WatchedRun;
}

/** Follows the runs of the API in force that have not ended, while the page is open. */
@Injectable({ providedIn: 'root' })
export class BackgroundFollowing {
  private readonly store = inject(BackgroundStore);
  private readonly address = inject(ApiAddress);
  private readonly client = inject(ExecutionsClient);
  private readonly ended = inject(EndedRuns);
  private readonly runs = inject(RunStore);
  private readonly history = inject(HistoryStore);
  private readonly notices = inject(BackgroundNotices);
  private readonly isVisible = signal(document.visibilityState === 'visible');
  private readonly clock = signal(Date.now());
  private readonly followed = new Map<string, Followed>();

  /** Milliseconds since the epoch, in steps while something goes on. */
  readonly now = this.clock.asReadonly();
  readonly goingOn = computed(
    () => (this.store.runs() ?? []).filter((run) => isFollowed(run) || run.status === 'starting').length,
  );

  constructor() {
    const keys = inject(KeyStore);
    effect(() => {
      const runs = this.store.runs() ?? [];
      this.runs.watched();
      untracked(() => this.followOnly(runs));
    });
    // Another key may be the one that the runs belong to; who looks at one wants to see it at once.
    effect(() => {
      keys.changes();
      this.isVisible();
      this.runs.watched();
      for (const { follower } of this.followed.values()) follower.wake();
    });
    effect((onCleanup) => {
      if (this.goingOn() === 0 || !this.isVisible()) return;
      untracked(() => this.clock.set(Date.now()));
      const ticking = setInterval(() => this.clock.set(Date.now()), TICK_MS);
      onCleanup(() => clearInterval(ticking));
    });
    document.addEventListener('visibilitychange', () =>
      this.isVisible.set(document.visibilityState === 'visible'),
    );
  }

  /** @returns what the page shows of a run that goes on; null where it cannot be followed: its API is not in force */
  follow(run: BackgroundRun): WatchedRun | null {
    if (!this.followed.has(run.key)) this.begin(run);
    return this.watchedOf(run.key);
  }

  /** What the API has said of a run, other than to its follower. */
  async learn(run: BackgroundRun, news: News): Promise<void> {
    switch (news.kind) {
      case 'started': {
        const known = this.store.find(run.key);
        if (known?.status === 'queued')
          await this.store.change(run.key, { status: 'running', startedAt: Date.now() });
        break;
      }
      case 'forgotten':
        if (this.isWatched(run.key)) this.runs.show(null);
        await this.store.change(run.key, { status: 'forgotten' });
        this.notices.forgotten(run);
        break;
      case 'known':
        if (hasEnded(news.facts)) await this.noteEnd(run, news);
        else await this.noteFacts(run, news);
        break;
      default:
        news satisfies never;
    }
  }

  private async noteFacts(run: BackgroundRun, { facts }: News & { kind: 'known' }): Promise<void> {
    const known = this.store.find(run.key);
    const changes = factsOf(facts, run.skewMs);
    // Once a stream has told of its start, an older answer may still come.
    if (known?.status === changes.status) return;
    if (known && isFollowed(known) && !(known.status === 'running' && changes.status === 'queued'))
      await this.store.change(run.key, changes);
  }

  private async noteEnd(run: BackgroundRun, { facts, outcome }: News & { kind: 'known' }): Promise<void> {
    const watched = this.watchedOf(run.key);
    const apiUrl = this.address.current() ?? run.apiUrl;
    const cameTo =
      outcome ?? (await this.ended.cancelledOutcome(apiUrl, facts.id, new AbortController().signal));
    const { tone, title } = describeOutcome(cameTo);
    const over: BackgroundRun = { ...run, ...factsOf(facts, run.skewMs), outcome: { tone, title } };
    const given = await this.store.givenOf(run.key);
    const isWatched = this.isWatched(run.key);
    const isFirst = this.store.find(run.key)?.outcome === null;
    await this.store.change(run.key, over);
    if (given) {
      const finished = finishedRun(over, given, cameTo);
      await this.history.put([recordOfRun(historyIdOf(run), finished)]);
      if (watched) this.runs.endWatched(watched, cameTo, finished);
    } else if (isWatched) {
      this.runs.show(cameTo);
    }
    if (isFirst && !isWatched) this.notices.ended(over);
  }

  /** @param listed the runs of the API in force */
  private followOnly(listed: readonly BackgroundRun[]): void {
    for (const [key, { leaving }] of this.followed) {
      const run = listed.find((run) => run.key === key);
      // Another tab may have heard of its end first: what is looked at here is followed until that is shown.
      if (run && (isFollowed(run) || this.isWatched(key))) continue;
      if (this.isWatched(key)) this.runs.show(null);
      this.followed.delete(key);
      leaving.abort();
    }
    for (const run of listed) if (isFollowed(run)) this.follow(run);
  }

  private watchedOf(key: string): WatchedRun | null {
    return this.followed.get(key)?.watched ?? null;
  }

  private begin(run: BackgroundRun): void {
    const { key, id } = run;
    const apiUrl = this.address.current();
    if (id === null || apiUrl === null) return;
    const leaving = new AbortController();
    const follower = new RunFollower(this.client, {
      apiUrl,
      id,
      signal: leaving.signal,
      mayListen: () => this.mayListen(key),
      pauseMs: () => (this.isVisible() ? PAUSE_MS + PAUSE_MS_EACH * this.followed.size : HIDDEN_PAUSE_MS),
      tell: (news) => void this.learn(run, news),
    });
    const elapsedMs = computed(() => {
      const known = this.store.find(key);
      return known === null || known.status === 'queued'
        ? null
        : Math.max(0, this.clock() - (known.startedAt ?? known.at));
    });
    this.followed.set(key, { follower, leaving, watched: { output: follower.output, elapsedMs } });
    void follower.follow();
  }

  /** The one that is looked at always; of the others those that were started first. */
  private mayListen(key: string): boolean {
    if (!this.isVisible()) return false;
    return this.isWatched(key) || [...this.followed.keys()].slice(0, MOST_STREAMS).includes(key);
  }

  private isWatched(key: string): boolean {
    const watched = this.runs.watched();
    return watched !== null && this.followed.get(key)?.watched === watched;
  }
}
