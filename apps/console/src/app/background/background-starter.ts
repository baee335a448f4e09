import { effect, inject, Injectable, untracked } from '@angular/core';
import { newIdempotencyKey } from '@pycell/api-client';
import { ApiAddress } from '../address/api-address';
import type { ExecutionFacts } from '../api/asynchronous-execution';
import { ExecutionsClient } from '../api/executions-client';
import { isAboutKey, type RunOutcome } from '../api/run-outcome';
import { bodyOf } from '../api/run-request';
import { titleOfScript } from '../history/script-title';
import type { PreparedRun } from '../inputs/run-preparation';
import { KeyPrompt } from '../keys/key-prompt';
import { MetadataStore } from '../metadata/metadata-store';
import { keptFiles } from '../script/kept-files';
import type { RunSetup } from '../script/run-setup';
import { BackgroundNotices } from './background-notices';
import { type BackgroundRun, factsOf, type GivenRun } from './background-run';
import { BackgroundStore } from './background-store';
import { sentenceOf } from './outcome-sentence';
import { RefusedStarts } from './refused-starts';

/** A start whose answer was lost is sent again after these times, milliseconds: the same key starts nothing twice. */
const RETRY_AFTER_MS = [500, 2_000, 5_000] as const;
/** A start that the page did not see to its end is sent again by itself when it is not older. Milliseconds. */
const STILL_WANTED_MS = 10 * 60_000;

/** Starts runs that go on when the page is closed. */
@Injectable({ providedIn: 'root' })
export class BackgroundStarter {
  private readonly store = inject(BackgroundStore);
  private readonly address = inject(ApiAddress);
  private readonly client = inject(ExecutionsClient);
  private readonly prompt = inject(KeyPrompt);
  private readonly metadata = inject(MetadataStore);
  private readonly notices = inject(BackgroundNotices);
  private readonly refusals = inject(RefusedStarts);
  /** Keys of the starts that this page is sending. */
  private readonly sending = new Set<string>();

  constructor() {
    // The page was closed, or reloaded, before the answer had come.
    effect(() => {
      const left = this.store.runs()?.filter(({ status }) => status === 'starting') ?? [];
      untracked(() => {
        for (const run of left) if (!this.sending.has(run.key)) void this.resume(run);
      });
    });
  }

  /** @param again starts what is in the editor then: what a refusal that is shown offers */
  async start({ request, setup }: PreparedRun, again: () => void): Promise<void> {
    await this.address.settled();
    const apiUrl = this.store.apiUrl();
    if (apiUrl === null) return;
    const given = { script: request.script, setup: keptSetup(setup), body: bodyOf(request) };
    const run: BackgroundRun = {
      key: newIdempotencyKey(),
      apiUrl,
      id: null,
      title: titleOfScript(request.script),
      status: 'starting',
      at: Date.now(),
      startedAt: null,
      endedAt: null,
      expiresAt: null,
      skewMs: 0,
      outcome: null,
      why: '',
      weight: given.script.length + JSON.stringify(given.setup).length,
    };
    this.sending.add(run.key);
    try {
      await whileAlone(run.key, async () => {
        // Before it is sent: a page that goes away meanwhile must find it again.
        await this.store.add(run, given);
        const isTaken = await this.send(run, given, { asksForKey: true, again });
        if (isTaken) this.refusals.withdraw();
      });
    } finally {
      this.sending.delete(run.key);
    }
  }

  /** The user wants a start to be sent again that was not answered. */
  async again(run: BackgroundRun): Promise<void> {
    // A double click.
    if (this.sending.has(run.key)) return;
    this.sending.add(run.key);
    await whileAlone(run.key, async () => {
      // Another tab may have sent it meanwhile.
      const latest = await this.store.latest(run.key);
      if (latest?.status === 'unanswered') await this.sendAgain(latest, { asksForKey: true });
    }).finally(() => this.sending.delete(run.key));
  }

  /** Once no other tab is sending it: that may be where the user has started it. */
  private async resume({ key }: BackgroundRun): Promise<void> {
    this.sending.add(key);
    try {
      await whileAlone(key, async () => {
        const run = await this.store.latest(key);
        if (run?.status !== 'starting') return;
        if (Date.now() - run.at < STILL_WANTED_MS) await this.sendAgain(run, { asksForKey: false });
        else await this.leave(run, 'The page was closed before the API had answered.');
      });
    } finally {
      this.sending.delete(key);
    }
  }

  private async sendAgain(run: BackgroundRun, how: SendOptions): Promise<void> {
    this.sending.add(run.key);
    try {
      const given = await this.store.givenOf(run.key);
      if (given?.body == null) {
        await this.leave(run, 'The browser has lost what was sent.');
        return;
      }
      await this.store.change(run.key, { status: 'starting', why: '' });
      await this.send(run, given, how);
    } finally {
      this.sending.delete(run.key);
    }
  }

  /** @returns whether the API has taken it */
  private async send(run: BackgroundRun, given: GivenRun, how: SendOptions): Promise<boolean> {
    for (let attempt = 0; ; attempt += 1) {
      const apiUrl = this.address.current();
      // Another API is in force meanwhile: this one is asked when it is again.
      if (apiUrl === null || this.store.apiUrl() !== run.apiUrl) return false;
      const start = { body: given.body ?? '', idempotencyKey: run.key };
      const answer = await this.client.start(apiUrl, start, new AbortController().signal);
      if (answer.kind === 'known') {
        await this.accepted(run, answer.facts, how.again !== undefined && attempt === 0);
        return true;
      }
      if (answer.kind !== 'refused') {
        await this.unsupported(run);
        return false;
      }
      const { outcome } = answer;
      if (how.asksForKey && isAboutKey(outcome) && (await this.prompt.ask())) continue;
      const waitMs = RETRY_AFTER_MS[attempt];
      if (!mayBeStarted(outcome)) {
        await this.refused(run, given, { outcome, again: how.again });
        return false;
      }
      if (waitMs === undefined) {
        await this.leave(run, sentenceOf(outcome));
        this.notices.unanswered();
        return false;
      }
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  private async accepted(run: BackgroundRun, facts: ExecutionFacts, isFirst: boolean): Promise<void> {
    // What was created by an earlier attempt says nothing about the clock.
    const skewMs = isFirst ? Date.parse(facts.createdAt) - Date.now() : 0;
    await this.store.change(run.key, { ...factsOf(facts, skewMs), skewMs, why: '' });
    await this.store.forgetBody(run.key);
    this.notices.say('Started in the background: it goes on when this page is closed.');
  }

  private async unsupported(run: BackgroundRun): Promise<void> {
    await this.store.remove([run.key]);
    this.notices.say('This API runs nothing in the background: nothing was started.', 'warning');
    void this.metadata.refresh();
  }

  /** What was sent before may have been taken: such a run stays in the list, from where it can be tried again. */
  private async refused(
    run: BackgroundRun,
    given: GivenRun,
    { outcome, again }: { readonly outcome: RunOutcome; readonly again: (() => void) | undefined },
  ): Promise<void> {
    if (!again) {
      await this.leave(run, sentenceOf(outcome));
      return;
    }
    await this.store.remove([run.key]);
    const { script, setup } = given;
    await this.refusals.tellOf(run, { script, setup, outcome, again });
  }

  private async leave({ key }: BackgroundRun, why: string): Promise<void> {
    await this.store.change(key, { status: 'unanswered', why });
  }
}

interface SendOptions {
  /** Whether the user has just asked for it: a page that is only loaded opens no dialog. */
  readonly asksForKey: boolean;
  /** Starts what is in the editor then, where the run was started just now. */
  readonly again?: () => void;
}

/** One tab at a time sends a start; where the browser has no locks, for this page is not a secure one, each does. */
async function whileAlone<T>(key: string, work: () => Promise<T>): Promise<T> {
  const { locks } = navigator as { readonly locks?: LockManager };
  return locks ? await locks.request(`pycell.background ${key}`, work) : await work();
}

/** Whether the request may have arrived, or may arrive another time. */
function mayBeStarted(outcome: RunOutcome): boolean {
  switch (outcome.kind) {
    case 'unreachable':
      return !['bad-address', 'mixed-content', 'redirected'].includes(outcome.reason);
    case 'failed':
      return outcome.status >= 500;
    default:
      return false;
  }
}

function keptSetup(setup: RunSetup): RunSetup {
  const kept = new Set(keptFiles(setup.files));
  return { ...setup, files: setup.files.map((file) => (kept.has(file) ? file : { ...file, content: null })) };
}
