import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  type ElementRef,
  inject,
  input,
  output,
  viewChild,
} from '@angular/core';
import { Icon } from '../../ui/icons/icon';
import { ToolButton } from '../../ui/controls/tool-button';
import type { MatchSearch } from './match-search';

/** The pause in typing after which the search begins, milliseconds. */
const SEARCH_DELAY_MS = 120;
const COUNT = new Intl.NumberFormat('en');

/** A field to find something in a view, and the way from match to match. */
@Component({
  selector: 'app-find-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, ToolButton],
  host: { '[class.searching]': "search().query() !== ''" },
  templateUrl: './find-field.html',
  styleUrl: './find-field.css',
})
export class FindField {
  /** What is searched, for screen readers. */
  readonly label = input.required<string>();
  readonly placeholder = input.required<string>();
  readonly search = input.required<MatchSearch>();
  /** The text to find; empty to end the search. */
  readonly find = output<string>();
  readonly step = output<1 | -1>();
  /** The user leaves the field. */
  readonly leave = output();

  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('query');
  private waiting: ReturnType<typeof setTimeout> | undefined;

  protected readonly status = computed(() => {
    const search = this.search();
    const { length } = search.matches();
    if (search.isSearching()) return 'Searching…';
    if (length === 0) return 'No match';
    return `${COUNT.format(search.index() + 1)} of ${COUNT.format(length)}${search.isCut() ? ' or more' : ''}`;
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.waiting));
  }

  focus(): void {
    const field = this.field().nativeElement;
    field.focus();
    field.select();
  }

  protected findSoon(query: string): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.find.emit(query), SEARCH_DELAY_MS);
  }

  protected goByKey(event: KeyboardEvent): void {
    const field = this.field().nativeElement;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (field.value === this.search().query()) this.step.emit(event.shiftKey ? -1 : 1);
      else this.findNow(field.value);
    } else if (event.key === 'Escape' && field.value !== '') {
      // Escape is taken here: it must not reach what runs.
      event.preventDefault();
      field.value = '';
      this.findNow('');
      this.leave.emit();
    }
  }

  private findNow(query: string): void {
    clearTimeout(this.waiting);
    this.find.emit(query);
  }
}
