import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  InjectionToken,
  input,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { FindField } from '../finding/find-field';
import { MatchSearch } from '../finding/match-search';
import { CopyButton } from '../../ui/controls/copy-button';
import { Icon } from '../../ui/icons/icon';
import { saveFile } from '../../browser/save-file';
import { ScrollArea } from '../../ui/scrolling/scroll-area';
import { scrollTopFor, windowOf } from '../../ui/scrolling/virtual-window';
import { countText } from '../../ui/formatting/figures';
import { ToolButton } from '../../ui/controls/tool-button';
import { columnWindow, layoutColumns } from './column-layout';
import { columnTypes } from './column-types';
import { toCsv, toTabbedText } from './csv';
import { type FoundTable } from './find-tables';
import { numberFormatOf } from './number-format';
import { sortRows, type TableSort } from './sort-rows';
import { TableSearch } from './table-search';

/** Whether numbers are written in one form; else they stand as Python wrote them. */
const FORMATS_NUMBERS = new InjectionToken('formats numbers', {
  providedIn: 'root',
  factory: () => signal(false),
});

const ROW_HEIGHT = 28;
const HEADER_HEIGHT = 32;
/** Seen above and below of what was searched for. */
const CONTEXT_ROWS = 3;
const SHOWN_LENGTH = 120;
const TOOLTIP_LENGTH = 1_000;

const LOOKS = {
  string: 'text',
  number: 'number',
  boolean: 'word',
  array: 'nested',
  object: 'nested',
} as const;

interface TableCell {
  readonly column: number;
  readonly text: string;
  readonly look: 'number' | 'text' | 'word' | 'nested' | 'null' | 'gap';
  /** Stands at the end, where digits are compared. */
  readonly isNumeric: boolean;
  readonly match: 'current' | 'other' | null;
}

/** A result as rows and columns, of which only those that are seen exist. */
@Component({
  selector: 'app-table-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CopyButton, FindField, Icon, ScrollArea, ToolButton],
  templateUrl: './table-view.html',
  styleUrls: ['../../ui/controls/toolbar.css', '../../ui/controls/select.css', './table-view.css'],
})
export class TableView {
  /** At least one. */
  readonly tables = input.required<readonly FoundTable[]>();

  private readonly area = viewChild.required(ScrollArea);
  protected readonly place = linkedSignal({ source: this.tables, computation: () => 0 });
  protected readonly table = computed(() => (this.tables()[this.place()] ?? this.tables()[0])?.table);
  protected readonly sort = linkedSignal<unknown, TableSort | null>({
    source: this.table,
    computation: () => null,
  });
  private readonly order = computed(() => {
    const table = this.table();
    return table ? sortRows(table, this.sort()) : new Uint32Array();
  });
  protected readonly search = new MatchSearch();
  private readonly found = computed<ReadonlySet<number>>(() => new Set(this.search.matches()));
  private readonly types = computed(() => {
    const table = this.table();
    return table ? columnTypes(table) : [];
  });
  protected readonly isFormatting = inject(FORMATS_NUMBERS);
  protected readonly hasNumbers = computed(
    () => this.table()?.columns.some(({ kind }) => kind === 'number') ?? false,
  );
  private readonly formats = computed(() => {
    const table = this.table();
    if (!table || !this.isFormatting()) return [];
    return table.columns.map(({ kind }, column) =>
      kind === 'number' ? numberFormatOf(table, column) : null,
    );
  });
  protected readonly layout = computed(() => {
    const table = this.table();
    return table ? layoutColumns(table, this.types()) : { numberWidth: 0, widths: [], starts: [0] };
  });
  protected readonly drawn = computed(
    () => {
      const viewport = Math.max(0, this.area().viewport().height - HEADER_HEIGHT);
      return windowOf(
        { count: this.order().length, rowHeight: ROW_HEIGHT, viewport },
        this.area().scrolled().top,
      );
    },
    {
      equal: (a, b) =>
        a.first === b.first && a.end === b.end && a.offset === b.offset && a.height === b.height,
    },
  );
  /** How high the rows behind those that are drawn are. */
  protected readonly below = computed(() => {
    const { first, end, offset, height } = this.drawn();
    return Math.max(0, height - offset - (end - first) * ROW_HEIGHT);
  });
  private readonly window = computed(
    () => columnWindow(this.layout(), this.area().scrolled().left, this.area().viewport().width),
    { equal: (a, b) => a.first === b.first && a.end === b.end },
  );
  /** How wide the columns before and behind those that are drawn are. */
  protected readonly before = computed(() => this.layout().starts[this.window().first] ?? 0);
  protected readonly behind = computed(() => {
    const { starts } = this.layout();
    return (starts.at(-1) ?? 0) - (starts[this.window().end] ?? 0);
  });
  protected readonly width = computed(() => this.layout().numberWidth + (this.layout().starts.at(-1) ?? 0));
  protected readonly columns = computed(() => {
    const { first, end } = this.window();
    return (this.table()?.columns ?? []).slice(first, end).map((column, index) => ({
      ...column,
      place: first + index,
      type: this.types()[first + index] ?? '',
      width: this.layout().widths[first + index] ?? 0,
    }));
  });
  protected readonly rows = computed(() => {
    const { first, end } = this.drawn();
    const columns = this.columns();
    return Array.from(this.order().subarray(first, end), (row, index) => ({
      place: first + index,
      row,
      cells: columns.map(({ place }) => this.cell(row, place, first + index)),
    }));
  });
  protected readonly facts = computed(() => {
    const { rowCount = 0, columns = [] } = this.table() ?? {};
    return `${countText(rowCount, 'row')}, ${countText(columns.length, 'column')}`;
  });
  protected readonly announcement = signal('');

  constructor() {
    effect(() => {
      // Another table or another order begins at its first row.
      this.order();
      this.area().scrollTo({ top: 0 });
      const query = untracked(this.search.query);
      if (query !== '') void untracked(() => this.searchNow(query));
    });
  }

  /** Once, once more the other way round, and a third time back to the order of the result. */
  protected sortBy(column: number): void {
    const sort = this.sort();
    if (sort?.column !== column) this.sort.set({ column, direction: 'ascending' });
    else this.sort.set(sort.direction === 'ascending' ? { column, direction: 'descending' } : null);
    const name = this.table()?.columns[column]?.name ?? '';
    const direction = this.sort()?.direction;
    this.announcement.set(direction ? `Sorted by ${name}, ${direction}` : 'In the order of the result');
  }

  protected directionOf(column: number): 'ascending' | 'descending' | null {
    const sort = this.sort();
    return sort?.column === column ? sort.direction : null;
  }

  protected async searchNow(query: string): Promise<void> {
    const table = this.table();
    if (!table) return;
    if (
      await this.search.search(
        query,
        new TableSearch(table, this.order(), query, (row, column) => this.shownAt(row, column)),
      )
    )
      this.showMatch();
  }

  protected step(by: 1 | -1): void {
    this.search.step(by);
    this.showMatch();
  }

  /** The browser's own search would find only the rows that are drawn. */
  protected findByKey(event: Event, field: FindField): void {
    event.preventDefault();
    field.focus();
  }

  protected focusTable(): void {
    this.area().focus();
  }

  protected readonly tabbedText = (): string => {
    const table = this.table();
    return table ? toTabbedText(table, this.order()) : '';
  };

  protected choose(value: string): void {
    this.place.set(Number(value));
  }

  protected download(): void {
    const table = this.table();
    if (table) saveFile('result.csv', 'text/csv', toCsv(table, this.order()));
  }

  protected tooltip(row: number, cell: TableCell): string | null {
    const isWhole = cell.text.length < 30 && cell.look !== 'nested' && !this.isFormatting();
    return isWhole ? null : (this.table()?.beginning(row, cell.column, TOOLTIP_LENGTH) ?? null);
  }

  private cell(row: number, column: number, place: number): TableCell {
    const table = this.table();
    const kind = table?.kind(row, column) ?? null;
    const isNumeric = table?.columns[column]?.kind === 'number' || kind === 'number';
    const match = this.matchAt(place * (table?.columns.length ?? 0) + column);
    if (!table || kind === null) return { column, text: '', look: 'gap', isNumeric, match };
    if (kind === 'null') return { column, text: 'null', look: 'null', isNumeric, match };
    const raw = table.beginning(row, column, SHOWN_LENGTH);
    const text = kind === 'number' ? (this.formats()[column]?.(raw) ?? raw) : raw;
    return { column, text, look: LOOKS[kind], isNumeric, match };
  }

  /** The whole text: what is drawn may be its beginning. */
  private shownAt(row: number, column: number): string {
    const kind = this.table()?.kind(row, column) ?? null;
    const text = this.table()?.text(row, column) ?? '';
    if (kind === 'null') return 'null';
    return kind === 'number' ? (this.formats()[column]?.(text) ?? text) : text;
  }

  private matchAt(cell: number): TableCell['match'] {
    if (!this.found().has(cell)) return null;
    return this.search.current() === cell ? 'current' : 'other';
  }

  /** Brings the match that is looked at into view. */
  private showMatch(): void {
    const cell = this.search.current();
    const width = this.table()?.columns.length ?? 0;
    if (cell === null || width === 0) return;
    const { top, left } = this.area().scrolled();
    const viewport = this.area().viewport();
    const { starts, numberWidth } = this.layout();
    const start = starts[cell % width] ?? 0;
    const end = starts[(cell % width) + 1] ?? start;
    const room = viewport.width - numberWidth;
    const list = {
      count: this.order().length,
      rowHeight: ROW_HEIGHT,
      viewport: viewport.height - HEADER_HEIGHT,
    };
    const row = Math.floor(cell / width);
    const around = [Math.min(list.count - 1, row + CONTEXT_ROWS), Math.max(0, row - CONTEXT_ROWS), row];
    this.area().scrollTo({
      top: around.reduce((place, one) => scrollTopFor(list, one, place), top),
      left: start >= left && end <= left + room ? left : Math.max(0, start - room / 3),
    });
  }
}
