import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { Icon } from '../../ui/icons/icon';
import { saveFile } from '../../browser/save-file';
import { ScrollArea } from '../../ui/scrolling/scroll-area';
import { windowOf } from '../../ui/scrolling/virtual-window';
import { countText } from '../../ui/formatting/figures';
import { ToolButton } from '../../ui/controls/tool-button';
import { columnWindow, layoutColumns } from './column-layout';
import { toCsv } from './csv';
import { type FoundTable } from './find-tables';
import { sortRows, type TableSort } from './sort-rows';

const ROW_HEIGHT = 28;
const HEADER_HEIGHT = 32;
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
}

/** A result as rows and columns, of which only those that are seen exist. */
@Component({
  selector: 'app-table-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, ScrollArea, ToolButton],
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
  protected readonly layout = computed(() => {
    const table = this.table();
    return table ? layoutColumns(table) : { numberWidth: 0, widths: [], starts: [0] };
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
      width: this.layout().widths[first + index] ?? 0,
    }));
  });
  protected readonly rows = computed(() => {
    const { first, end } = this.drawn();
    const columns = this.columns();
    return Array.from(this.order().subarray(first, end), (row, index) => ({
      place: first + index,
      row,
      cells: columns.map(({ place }) => this.cell(row, place)),
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

  protected choose(value: string): void {
    this.place.set(Number(value));
  }

  protected download(): void {
    const table = this.table();
    if (table) saveFile('result.csv', 'text/csv', toCsv(table, this.order()));
  }

  protected tooltip(row: number, cell: TableCell): string | null {
    const isWhole = cell.text.length < 30 && cell.look !== 'nested';
    return isWhole ? null : (this.table()?.beginning(row, cell.column, TOOLTIP_LENGTH) ?? null);
  }

  private cell(row: number, column: number): TableCell {
    const table = this.table();
    const kind = table?.kind(row, column) ?? null;
    const isNumeric = table?.columns[column]?.kind === 'number' || kind === 'number';
    if (!table || kind === null) return { column, text: '', look: 'gap', isNumeric };
    if (kind === 'null') return { column, text: 'null', look: 'null', isNumeric };
    const text = table.beginning(row, column, SHOWN_LENGTH);
    return { column, text, look: LOOKS[kind], isNumeric };
  }
}
