import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  linkedSignal,
  type OnDestroy,
  viewChild,
} from '@angular/core';
import { ApiAddress } from '../address/api-address';
import { ConsoleConfiguration } from '../address/console-configuration';
import { ApiDetails } from '../metadata/api-details';
import { MetadataStore } from '../metadata/metadata-store';
import { SettingsStore } from '../settings/settings-store';
import { Icon } from '../ui/icons/icon';
import { AddressCheck } from './address-check';
import { describeAddressFailure } from './address-failure';
import { KeySettings } from './key-settings';

/** Where the API is, and what it says of itself. */
@Component({
  selector: 'app-api-settings',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ApiDetails, Icon, KeySettings],
  templateUrl: './api-settings.html',
  styleUrl: './api-settings.css',
})
export class ApiSettings implements OnDestroy {
  private readonly settings = inject(SettingsStore).settings;
  private readonly address = inject(ApiAddress);
  protected readonly check = inject(AddressCheck);
  protected readonly metadata = inject(MetadataStore);

  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');

  /** The text in the field; it follows the address in force. */
  protected readonly typed = linkedSignal(() => this.address.current() ?? '');
  protected readonly defaultUrl = inject(ConsoleConfiguration).apiUrl;
  protected readonly isDefault = computed(() => this.settings().apiUrl === null);
  protected readonly refusal = computed(() => {
    const state = this.check.state();
    return state.kind === 'refused' ? state.failure : null;
  });
  protected readonly isRedirected = computed(() => {
    const state = this.check.state();
    return state.kind === 'saved' && state.isRedirected;
  });
  /** It answers, and tells nothing without a key. */
  protected readonly isLocked = computed(() => this.metadata.state().kind === 'locked');
  /** Why the address in force does not work now. */
  protected readonly trouble = computed(() => {
    const state = this.metadata.state();
    return state.kind === 'unreachable' || state.kind === 'wrong-api'
      ? describeAddressFailure(state, location.origin)
      : null;
  });

  constructor() {
    void this.metadata.refresh();
  }

  ngOnDestroy(): void {
    this.check.forget();
  }

  protected type(text: string): void {
    this.typed.set(text);
    this.check.forget();
  }

  protected submit(event: Event): void {
    event.preventDefault();
    void this.check.save(this.typed());
  }

  protected useDefault(): void {
    this.check.useDefault();
    this.typed.set(this.defaultUrl() ?? '');
    this.focusField();
  }

  protected async askAgain(button: HTMLElement): Promise<void> {
    await this.metadata.refresh();
    const hasFocus = [button, document.body].includes(document.activeElement as HTMLElement);
    if (this.trouble() === null && hasFocus) this.focusField();
  }

  /** The control that has the focus is about to go, or has gone. */
  private focusField(): void {
    this.field().nativeElement.focus();
  }
}
