import { inject, Injectable, signal } from '@angular/core';
import { ApiClient } from '../api/api-client';
import { SettingsStore } from '../settings/settings-store';
import { type AddressFailure, describeAddressFailure } from './address-failure';
import { ConsoleConfiguration } from '../address/console-configuration';
import { MetadataStore } from '../metadata/metadata-store';
import { readTypedAddress } from '../address/typed-address';

/** The state of the check of a typed address. */
export type AddressCheckState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'checking'; readonly url: string }
  /** `isRedirected`: the address that was typed led to this one. */
  | { readonly kind: 'saved'; readonly url: string; readonly isRedirected: boolean }
  | { readonly kind: 'refused'; readonly failure: AddressFailure };

/** Saves an address only after the API has answered there. */
@Injectable({ providedIn: 'root' })
export class AddressCheck {
  private readonly client = inject(ApiClient);
  private readonly settings = inject(SettingsStore);
  private readonly configuration = inject(ConsoleConfiguration);
  private readonly metadata = inject(MetadataStore);
  private readonly current = signal<AddressCheckState>({ kind: 'idle' });
  private asking = new AbortController();

  readonly state = this.current.asReadonly();

  /** Checks, and saves where pycell answers. What was in force stays in force otherwise. */
  async save(typed: string): Promise<void> {
    this.forget();
    const address = readTypedAddress(typed);
    if (address.kind === 'mistake') {
      this.current.set({ kind: 'refused', failure: { title: address.message, steps: [] } });
      return;
    }
    const { url } = address;
    const { signal } = this.asking;
    this.current.set({ kind: 'checking', url });
    const outcome = await this.client.metadata(signal, url);
    if (signal.aborted || outcome.kind === 'cancelled') return;
    if (outcome.kind === 'described' || outcome.kind === 'locked') {
      // A script is sent to the address itself: where that only leads to the API, it would not arrive.
      const { apiUrl } = outcome.kind === 'locked' ? outcome.refusal : outcome;
      this.take(apiUrl === (await this.configuration.loaded) ? null : apiUrl);
      this.current.set({ kind: 'saved', url: apiUrl, isRedirected: apiUrl !== url });
    } else {
      this.current.set({ kind: 'refused', failure: describeAddressFailure(outcome, location.origin) });
    }
  }

  /** Goes back to the address that the page was served with, whether it answers or not. */
  useDefault(): void {
    this.forget();
    this.take(null);
  }

  /** The user continues typing, or closes the settings. */
  forget(): void {
    this.asking.abort();
    this.asking = new AbortController();
    this.current.set({ kind: 'idle' });
  }

  private take(apiUrl: string | null): void {
    const isSame = this.settings.settings().apiUrl === apiUrl;
    this.settings.update({ apiUrl });
    // A new address is asked automatically; the same one may answer differently now.
    if (isSame) void this.metadata.refresh();
  }
}
