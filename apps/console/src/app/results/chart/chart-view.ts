import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  type ElementRef,
  inject,
  input,
  linkedSignal,
  viewChild,
} from '@angular/core';
import { ThemeStore } from '../../settings/theme-store';
import type { FoundTable } from '../table/find-tables';
import { ChartDrawing } from './chart-drawing';
import { readColors } from './chart-colors';
import {
  type ChartChoice,
  type ChartKind,
  initialChoice,
  MAX_SERIES,
  numericColumns,
  ROW_NUMBER,
  withSeries,
  withX,
} from './chart-choices';
import { chartData } from './chart-points';
import { summaryOf } from './chart-summary';

/** The numbers of a table as lines, bars or points. Comes with the library that draws, so load it when it is wanted. */
@Component({
  selector: 'app-chart-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './chart-view.html',
  styleUrls: ['../../ui/controls/toolbar.css', '../../ui/controls/select.css', './chart-view.css'],
})
export class ChartView {
  /** At least one; each can be drawn. */
  readonly tables = input.required<readonly FoundTable[]>();

  private readonly theme = inject(ThemeStore);
  private readonly canvas = viewChild.required<ElementRef<HTMLCanvasElement>>('canvas');
  private readonly palette = viewChild.required<ElementRef<HTMLElement>>('palette');
  private drawing: ChartDrawing | null = null;

  protected readonly kinds: readonly { kind: ChartKind; name: string }[] = [
    { kind: 'line', name: 'Line' },
    { kind: 'bar', name: 'Bar' },
    { kind: 'scatter', name: 'Scatter' },
  ];
  protected readonly colorPlaces = Array.from({ length: MAX_SERIES }, (_, place) => place);
  protected readonly rowNumber = ROW_NUMBER;
  protected readonly place = linkedSignal({ source: this.tables, computation: () => 0 });
  protected readonly table = computed(() => {
    const found = this.tables()[this.place()] ?? this.tables()[0];
    if (!found) throw new Error('A chart needs a table');
    return found.table;
  });
  protected readonly choice = linkedSignal<ChartChoice>(() => initialChoice(this.table()));
  /** Columns that can be series, each with a colour that it keeps. */
  protected readonly candidates = computed(() => {
    const table = this.table();
    const { x, series } = this.choice();
    return numericColumns(table).flatMap((column, color) =>
      column === x
        ? []
        : [
            {
              column,
              color: color % MAX_SERIES,
              name: table.columns[column]?.name ?? '',
              isShown: series.includes(column),
            },
          ],
    );
  });
  private readonly data = computed(() => chartData(this.table(), this.choice()));
  protected readonly summary = computed(() => summaryOf(this.choice().kind, this.data()));
  protected readonly isThinned = computed(() => this.data().isThinned);

  constructor() {
    // After rendering: the colours are read off elements, and are others in the other theme.
    afterRenderEffect(() => {
      this.theme.shown();
      this.draw();
    });
    inject(DestroyRef).onDestroy(() => this.drawing?.destroy());
  }

  protected chooseTable(value: string): void {
    this.place.set(Number(value));
  }

  protected chooseKind(kind: ChartKind): void {
    this.choice.update((choice) => ({ ...choice, kind }));
  }

  protected chooseX(value: string): void {
    this.choice.update((choice) => withX(choice, Number(value), this.table()));
  }

  protected toggle(column: number): void {
    this.choice.update((choice) => withSeries(choice, column));
  }

  private draw(): void {
    const data = this.data();
    const { kind, series } = this.choice();
    const numeric = numericColumns(this.table());
    this.drawing ??= new ChartDrawing(this.canvas().nativeElement);
    this.drawing.draw({
      kind,
      data,
      colorPlaces: series.map((column) => numeric.indexOf(column)),
      colors: readColors(this.palette().nativeElement),
      isAnimated: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    });
  }
}
