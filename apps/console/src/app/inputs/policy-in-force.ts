import { computed, inject, Injectable } from '@angular/core';
import type { PolicyRules } from '@pycell/script-policy';
import { MetadataStore } from '../metadata/metadata-store';
import { SetupStore } from '../script/setup-store';

/** What the policy refuses of the script with what it is given: `input` has standard input to read, `open` has files. */
@Injectable({ providedIn: 'root' })
export class PolicyInForce {
  private readonly metadata = inject(MetadataStore);
  private readonly setup = inject(SetupStore);

  /** Without a jail they could read the service's own. */
  private readonly isJailed = computed(() => (this.metadata.metadata()?.isolation ?? 'none') !== 'none');

  readonly rules = computed<PolicyRules>(() => {
    const rules = this.metadata.policyRules();
    const allowed = [
      ...(this.setup.stdin() === '' ? [] : ['input']),
      ...(this.setup.files().length === 0 ? [] : ['open']),
    ];
    if (allowed.length === 0 || !this.isJailed()) return rules;
    return { ...rules, blockedNames: rules.blockedNames.filter((name) => !allowed.includes(name)) };
  });
}
