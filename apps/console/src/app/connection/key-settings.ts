import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import { ApiAddress } from '../address/api-address';
import { KeyPrompt } from '../keys/key-prompt';
import { KeyStore } from '../keys/key-store';
import { MetadataStore } from '../metadata/metadata-store';
import { Icon } from '../ui/icons/icon';
import { KeyForm } from './key-form';
import { refusalAdvice, refusalTitle } from './key-texts';

/** Whether a key is used, and which: by its name, which the API tells. */
@Component({
  selector: 'app-key-settings',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, KeyForm],
  templateUrl: './key-settings.html',
  styleUrl: './key-settings.css',
})
export class KeySettings {
  private readonly address = inject(ApiAddress);
  private readonly keys = inject(KeyStore);
  private readonly metadata = inject(MetadataStore).metadata;
  private readonly enter = viewChild.required<ElementRef<HTMLButtonElement>>('enter');

  protected readonly apiUrl = computed(() => this.address.current() ?? '');
  protected readonly isHeld = computed(() => this.keys.keyFor(this.apiUrl()) !== null);
  protected readonly name = computed(() => this.metadata()?.caller?.key ?? null);
  protected readonly refusal = inject(KeyPrompt).refusal;
  protected readonly isEntering = signal(false);
  protected readonly title = refusalTitle;
  protected readonly advice = refusalAdvice;

  protected forget(): void {
    this.isEntering.set(false);
    this.keys.forget(this.apiUrl());
    this.enter().nativeElement.focus();
  }

  protected done(): void {
    this.isEntering.set(false);
    this.enter().nativeElement.focus();
  }
}
