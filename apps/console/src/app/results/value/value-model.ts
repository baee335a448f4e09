import { computed, inject, Injectable, InjectionToken, signal } from '@angular/core';
import { isChartable } from '../chart/chart-choices';
import type { JsonDocument } from '../json/json-document';
import { JsonSyntaxError, parseJson } from '../json/json-parser';
import { QUICK_LENGTH, readJson } from '../json/read-json';
import { findTables } from '../table/find-tables';
import { type ValueViewName, viewsOf } from './value-views';

/** What is known of a result: first only its text, then what is in it. */
type Reading =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading'; readonly text: string }
  | { readonly kind: 'read'; readonly json: JsonDocument }
  /** It nests deeper than anything here could show, or is no JSON. */
  | { readonly kind: 'unreadable'; readonly text: string };

/** The view that the user went to by hand: the next result of the same form opens there as well. */
const CHOSEN_VIEW = new InjectionToken('chosen view', {
  providedIn: 'root',
  factory: () => signal<{ readonly form: string; readonly view: ValueViewName } | null>(null),
});

/** One result and the ways to look at it. */
@Injectable()
export class ValueModel {
  private readonly chosen = inject(CHOSEN_VIEW);
  private parsing: AbortController | null = null;
  private readonly current = signal<Reading>({ kind: 'none' });

  readonly reading = this.current.asReadonly();
  readonly json = computed(() => {
    const reading = this.current();
    return reading.kind === 'read' ? reading.json : null;
  });
  readonly tables = computed(() => {
    const json = this.json();
    return json ? findTables(json) : [];
  });
  readonly chartable = computed(() => this.tables().filter(({ table }) => isChartable(table)));
  private readonly choice = computed(() => {
    const json = this.json();
    return json ? viewsOf(json, this.tables()) : null;
  });
  /** Results of one form are looked at alike: tables by their columns, all else by what it is. */
  private readonly form = computed(() => {
    const { best = 'raw' } = this.choice() ?? {};
    const names = this.tables()[0]?.table.columns.map(({ name }) => name) ?? [];
    return best === 'table' ? JSON.stringify(names) : best;
  });
  readonly views = computed<readonly ValueViewName[]>(() => this.choice()?.views ?? []);
  /** The one that the user chose, where there is such a one for this result, else the best. */
  readonly view = computed<ValueViewName>(() => {
    const chosen = this.chosen();
    if (chosen?.form === this.form() && this.views().includes(chosen.view)) return chosen.view;
    return this.choice()?.best ?? 'raw';
  });

  /** @param text null where nothing was returned */
  show(text: string | null): void {
    this.parsing?.abort();
    if (text === null) this.current.set({ kind: 'none' });
    // Most results are read within the frame that shows them: nothing flickers.
    else if (text.length <= QUICK_LENGTH) this.current.set(readNow(text));
    else {
      this.parsing = new AbortController();
      this.current.set({ kind: 'reading', text });
      void this.read(text, this.parsing.signal);
    }
  }

  choose(view: ValueViewName): void {
    this.chosen.set({ form: this.form(), view });
  }

  private async read(text: string, signal: AbortSignal): Promise<void> {
    try {
      const json = await readJson(text, signal);
      if (json) this.current.set({ kind: 'read', json });
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      this.current.set({ kind: 'unreadable', text });
    }
  }
}

function readNow(text: string): Reading {
  try {
    return { kind: 'read', json: parseJson(text) };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return { kind: 'unreadable', text };
  }
}
