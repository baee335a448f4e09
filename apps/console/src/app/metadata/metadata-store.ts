import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { API_PATHS, DEFAULT_LIMITS, type MetadataResponse } from '@pycell/contracts';
import { DEFAULT_POLICY_RULES, type PolicyRules } from '@pycell/script-policy';
import { ApiClient } from '../api/api-client';
import type { Described, Locked, Unreachable, WrongApi } from '../api/run-outcome';
import { ApiAddress } from '../address/api-address';
import { KeyStore } from '../keys/key-store';

/** What is known about the API at the address in force. */
export type ApiState = { readonly kind: 'asking' } | Described | Locked | Unreachable | WrongApi;

const NO_RULES: PolicyRules = { blockedModules: [], blockedNames: [] };

/** What the API says of itself: version, limits, policy. */
@Injectable({ providedIn: 'root' })
export class MetadataStore {
  private readonly client = inject(ApiClient);
  private readonly current = signal<ApiState>({ kind: 'asking' });
  /** What the API at this address said last, though it may not answer now. */
  private readonly remembered = signal<MetadataResponse | null>(null);
  private asking = new AbortController();
  private answeredAt = -Infinity;

  readonly state = this.current.asReadonly();

  /** null while the API does not answer. */
  readonly metadata = computed(() => {
    const state = this.current();
    return state.kind === 'described' ? state.metadata : null;
  });

  /** The limits in force as far as they are known, else the usual ones. */
  readonly limits = computed(() => this.remembered()?.limits ?? DEFAULT_LIMITS);

  /** The interpreter and its packages, as far as they are known. */
  readonly python = computed(() => this.remembered()?.python ?? null);

  /** Whether it has said what it is. */
  readonly isKnown = computed(() => this.remembered() !== null);

  /** Whether runs can be sent files, as far as it is known: an older service takes none, and does not say so. */
  readonly takesFiles = computed(() => {
    const features: Partial<MetadataResponse['features']> | undefined = this.remembered()?.features;
    return features?.files === true;
  });

  /** Whether runs can go on in the background; null while it is not known. */
  readonly runsInBackground = computed(() => {
    const endpoints = this.remembered()?.endpoints;
    return endpoints?.some(({ method, path }) => method === 'POST' && path === API_PATHS.executions) ?? null;
  });

  /** The policy's rules in force as far as they are known, else the usual ones. */
  readonly policyRules = computed<PolicyRules>(() => {
    const policy = this.remembered()?.scriptPolicy;
    if (!policy) return DEFAULT_POLICY_RULES;
    return policy.mode === 'off' ? NO_RULES : policy;
  });

  /** Whether the API refuses scripts by its policy. */
  readonly isPolicyEnforced = computed(() => this.remembered()?.scriptPolicy.mode !== 'off');

  constructor() {
    const address = inject(ApiAddress);
    const keys = inject(KeyStore);
    let asked: string | null = null;
    effect(() => {
      const apiUrl = address.current();
      // With another key the limits are others, and the service is the same.
      keys.changes();
      if (apiUrl === null) return;
      untracked(() => {
        if (apiUrl !== asked) {
          // The metadata of another API is no longer valid.
          this.current.set({ kind: 'asking' });
          this.remembered.set(null);
        }
        asked = apiUrl;
        void this.refresh();
      });
    });
  }

  /** The age of the latest answer, or failure to answer, milliseconds; Infinity before the first. */
  ageMs(): number {
    return performance.now() - this.answeredAt;
  }

  /** Asks again; the latest request wins. The previous metadata stays until the answer. */
  async refresh(): Promise<void> {
    this.asking.abort();
    const asking = new AbortController();
    this.asking = asking;
    const outcome = await this.client.metadata(asking.signal);
    if (outcome.kind === 'cancelled' || asking.signal.aborted) return;
    this.answeredAt = performance.now();
    if (outcome.kind === 'described') this.remembered.set(outcome.metadata);
    this.current.set(outcome);
  }
}
