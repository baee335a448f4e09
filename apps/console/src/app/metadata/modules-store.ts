import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { ApiAddress } from '../address/api-address';
import { ApiClient } from '../api/api-client';
import { MetadataStore } from './metadata-store';

/** The modules that scripts can import. */
@Injectable({ providedIn: 'root' })
export class ModulesStore {
  private readonly client = inject(ApiClient);
  private readonly known = signal<readonly string[]>([]);
  private asking = new AbortController();

  /** Empty until the service has said so. */
  readonly modules = this.known.asReadonly();

  constructor() {
    const address = inject(ApiAddress);
    const metadata = inject(MetadataStore);
    /** Another one may have others: at another address, or of another version. */
    const service = computed(() => {
      const described = metadata.metadata();
      return described && `${address.current() ?? ''} ${described.version} ${described.python.version ?? ''}`;
    });
    effect(() => {
      if (service() !== null) untracked(() => void this.refresh());
    });
  }

  private async refresh(): Promise<void> {
    this.asking.abort();
    const asking = new AbortController();
    this.asking = asking;
    const modules = await this.client.modules(asking.signal);
    if (!asking.signal.aborted) this.known.set(modules ?? []);
  }
}
