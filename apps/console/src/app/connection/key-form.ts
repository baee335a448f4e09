import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  input,
  type OnDestroy,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { ApiClient } from '../api/api-client';
import type { MetadataOutcome } from '../api/run-outcome';
import { KeyStore } from '../keys/key-store';
import { readTypedKey } from '../keys/typed-key';
import { Icon } from '../ui/icons/icon';
import { describeAddressFailure } from './address-failure';
import { isReadableOnTheWay, refusalTitle, whereKeyGoes } from './key-texts';

let lastId = 0;

/** Takes a key for one address of an API, and keeps it when the API has accepted it. */
@Component({
  selector: 'app-key-form',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  templateUrl: './key-form.html',
  styleUrl: './key-form.css',
})
export class KeyForm implements OnDestroy {
  /** The address that the key is for. */
  readonly apiUrl = input.required<string>();
  /** The id of what says why a key is asked for; empty for none. */
  readonly reasonId = input('');
  /** The API has accepted the key, which is kept now. */
  readonly entered = output();

  private readonly client = inject(ApiClient);
  private readonly keys = inject(KeyStore);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private readonly asking = new AbortController();

  protected readonly id = `api-key-${String((lastId += 1))}`;
  protected readonly describedBy = computed(() => `${this.reasonId()} ${this.id}-state`.trim());
  protected readonly isShown = signal(false);
  protected readonly isChecking = signal(false);
  /** What is wrong with the key, in sentences; empty for nothing. */
  protected readonly problem = signal('');
  protected readonly destination = computed(() => whereKeyGoes(this.apiUrl()));
  protected readonly isReadable = computed(() => isReadableOnTheWay(this.apiUrl()));

  constructor() {
    afterNextRender(() => this.field().nativeElement.focus());
  }

  ngOnDestroy(): void {
    this.asking.abort();
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.isChecking()) return;
    const typed = readTypedKey(this.field().nativeElement.value);
    if (typed.kind === 'mistake') {
      this.refuse(typed.message);
      return;
    }
    const apiUrl = this.apiUrl();
    this.problem.set('');
    this.isChecking.set(true);
    const outcome = await this.client.tryKey(apiUrl, typed.key, this.asking.signal);
    this.isChecking.set(false);
    if (outcome.kind === 'cancelled' || this.asking.signal.aborted) return;
    if (outcome.kind !== 'described') {
      this.refuse(problemOf(outcome));
      return;
    }
    this.keys.keep(apiUrl, typed.key);
    this.entered.emit();
  }

  /** The user continues typing: what was said is about another key. */
  protected type(): void {
    if (this.problem() !== '') this.problem.set('');
  }

  private refuse(problem: string): void {
    this.problem.set(problem);
    this.field().nativeElement.select();
  }
}

function problemOf(outcome: Exclude<MetadataOutcome, { kind: 'described' | 'cancelled' }>): string {
  if (outcome.kind === 'locked') return `${refusalTitle(outcome.refusal)}: ${outcome.refusal.message}`;
  const { title, steps } = describeAddressFailure(outcome, location.origin);
  return `The key could not be checked. ${title} ${steps[0] ?? ''}`.trim();
}
