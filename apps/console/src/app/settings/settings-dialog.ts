import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  linkedSignal,
  type OnDestroy,
  output,
  viewChild,
} from '@angular/core';
import { AddressCheck } from '../configuration/address-check';
import { describeAddressFailure } from '../configuration/address-failure';
import { ApiAddress } from '../configuration/api-address';
import { ApiDetails } from '../configuration/api-details';
import { ConsoleConfiguration } from '../configuration/console-configuration';
import { MetadataStore } from '../configuration/metadata-store';
import { Icon } from '../icons/icon';
import { ModalDialog } from '../shell/modal-dialog';
import { MOD_KEY } from '../shell/platform';
import { FONT_SIZE_PX, type RunKeys, type Settings, SettingsStore, type ThemeChoice } from './settings-store';

interface Choice<T> {
  readonly value: T;
  readonly label: string;
}

/** Everything that a person can set: where the API is, how the page looks, how the editor behaves. */
@Component({
  selector: 'app-settings-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ApiDetails, Icon, ModalDialog],
  templateUrl: './settings-dialog.html',
  styleUrl: './settings-dialog.css',
})
export class SettingsDialog implements OnDestroy {
  private readonly store = inject(SettingsStore);
  private readonly address = inject(ApiAddress);
  private readonly configuration = inject(ConsoleConfiguration);
  protected readonly check = inject(AddressCheck);
  protected readonly metadata = inject(MetadataStore);

  readonly closed = output();

  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');

  protected readonly settings = this.store.settings;
  protected readonly fontSize = FONT_SIZE_PX;
  protected readonly themes: readonly Choice<ThemeChoice>[] = [
    { value: 'system', label: 'System' },
    { value: 'light', label: 'Light' },
    { value: 'dark', label: 'Dark' },
  ];
  protected readonly runKeys: readonly Choice<RunKeys>[] = [
    { value: 'mod-enter', label: `${MOD_KEY} Enter` },
    { value: 'shift-enter', label: 'Shift Enter' },
    { value: 'both', label: 'Both' },
  ];

  /** What stands in the field; it follows the address in force. */
  protected readonly typed = linkedSignal(() => this.address.current() ?? '');
  protected readonly defaultUrl = this.configuration.apiUrl;
  protected readonly isDefault = computed(() => this.settings().apiUrl === null);
  protected readonly refusal = computed(() => {
    const state = this.check.state();
    return state.kind === 'refused' ? state.failure : null;
  });
  protected readonly isRedirected = computed(() => {
    const state = this.check.state();
    return state.kind === 'saved' && state.isRedirected;
  });
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

  protected set(changes: Partial<Settings>): void {
    this.store.update(changes);
  }

  protected resize(stepPx: number): void {
    const { min, max } = FONT_SIZE_PX;
    this.set({ fontSizePx: Math.min(max, Math.max(min, this.settings().fontSizePx + stepPx)) });
  }

  /** The control that has the focus is about to go, or has gone. */
  private focusField(): void {
    this.field().nativeElement.focus();
  }
}
