import { computed, inject, Injectable, signal } from '@angular/core';
import type { ScriptAnalysis } from '@pycell/script-policy';
import { PolicyInForce } from '../../inputs/policy-in-force';
import { MetadataStore } from '../../metadata/metadata-store';
import { SetupStore } from '../../script/setup-store';
import { problemsOfAnalysis, type Problem } from './problem';
import type { ScriptChecker } from './script-checker';

/** The pause in typing after which the script is checked. */
const CHECK_DELAY_MS = 150;

/** A script without `main`, and the same with one. */
export interface WrappedScript {
  readonly script: string;
  readonly text: string;
}

/** What the check while typing says about the script. */
@Injectable({ providedIn: 'root' })
export class Diagnostics {
  private readonly metadata = inject(MetadataStore);
  private readonly policy = inject(PolicyInForce);
  private readonly setup = inject(SetupStore);
  private readonly analysis = signal<ScriptAnalysis | null>(null);
  private readonly wrapped = signal<WrappedScript | null>(null);
  private readonly unavailable = signal(false);
  private checker: ScriptChecker | null = null;
  private script = '';
  private pending: ReturnType<typeof setTimeout> | null = null;

  /** In source order; empty while nothing is known. */
  readonly problems = computed<readonly Problem[]>(() => {
    const analysis = this.analysis();
    if (!analysis) return [];
    const problems = problemsOfAnalysis(analysis, {
      isPolicyEnforced: this.metadata.isPolicyEnforced(),
      mode: this.setup.mode(),
    });
    return problems.sort((a, b) => a.line - b.line || a.column - b.column);
  });

  /** How the script that was checked last looks with what it does in a function `main`; null where it has one, or needs none. */
  readonly withMain = computed(() => (this.setup.mode() === 'function' ? this.wrapped() : null));

  /** Scripts are not checked, since a part for that is missing. Where that is only not yet so, it is false. */
  readonly isUnavailable = this.unavailable.asReadonly();

  /** From now on scripts are checked, the current one first. */
  async start(startChecker: () => Promise<ScriptChecker>): Promise<void> {
    this.unavailable.set(false);
    try {
      const checker = await startChecker();
      this.checker = checker;
      void checker.gone.then(() => this.stop());
      await this.checkNow();
    } catch {
      // A TypeError: a part could not be fetched, without a network or since a new version was deployed.
      this.stop();
    }
  }

  /** The script, or what it is judged by, has changed. */
  scriptChanged(script: string): void {
    this.script = script;
    if (this.pending !== null) clearTimeout(this.pending);
    this.pending = setTimeout(() => void this.checkNow(), CHECK_DELAY_MS);
  }

  /** Does not wait for typing to rest: before a run. */
  async checkNow(): Promise<void> {
    if (this.pending !== null) clearTimeout(this.pending);
    this.pending = null;
    const { script } = this;
    const checked = await this.checker?.check(script, this.policy.rules(), this.setup.mode());
    if (!checked) return;
    this.analysis.set(checked.analysis);
    this.wrapped.set(checked.wrapped === null ? null : { script, text: checked.wrapped });
  }

  /** What was found before would soon be about another script. */
  private stop(): void {
    this.checker = null;
    this.analysis.set(null);
    this.wrapped.set(null);
    this.unavailable.set(true);
  }
}
