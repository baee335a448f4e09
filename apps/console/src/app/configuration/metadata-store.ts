import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { DEFAULT_LIMITS, type MetadataResponse } from '@pycell/contracts';
import { DEFAULT_POLICY_RULES, type PolicyRules } from '@pycell/script-policy';
import { ApiClient } from '../api/api-client';
import type { Unreachable, WrongApi } from '../api/run-outcome';
import { ApiAddress } from './api-address';

/** What is known about the API at the address in force. */
export type ApiState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'described'; readonly metadata: MetadataResponse }
  | Unreachable
  | WrongApi;

const NO_RULES: PolicyRules = { blockedModules: [], blockedNames: [] };

/** Knows what the API is, and what holds in it. */
@Injectable({ providedIn: 'root' })
export class MetadataStore {
  private readonly client = inject(ApiClient);
  private readonly current = signal<ApiState>({ kind: 'asking' });
  private asking = new AbortController();

  readonly state = this.current.asReadonly();

  /** null while the API has not answered. */
  readonly metadata = computed(() => {
    const state = this.current();
    return state.kind === 'described' ? state.metadata : null;
  });

  /** The limits in force, or the usual ones while they are unknown. */
  readonly limits = computed(() => this.metadata()?.limits ?? DEFAULT_LIMITS);

  /** The policy's rules in force, or the usual ones while they are unknown. */
  readonly policyRules = computed<PolicyRules>(() => {
    const policy = this.metadata()?.scriptPolicy;
    if (!policy) return DEFAULT_POLICY_RULES;
    return policy.mode === 'off' ? NO_RULES : policy;
  });

  /** Whether the API refuses scripts by its policy. */
  readonly isPolicyEnforced = computed(() => this.metadata()?.scriptPolicy.mode !== 'off');

  constructor() {
    const address = inject(ApiAddress);
    effect(() => {
      if (address.current() !== null) untracked(() => void this.refresh());
    });
  }

  /** Asks (again); the latest question wins. What was known stays known until the answer. */
  async refresh(): Promise<void> {
    this.asking.abort();
    const asking = new AbortController();
    this.asking = asking;
    const outcome = await this.client.metadata(asking.signal);
    if (outcome.kind !== 'cancelled' && !asking.signal.aborted) this.current.set(outcome);
  }
}
