import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  type ElementRef,
  afterNextRender,
  inject,
  input,
  signal,
  viewChild,
  ViewEncapsulation,
} from '@angular/core';
import { ScrollArea } from '../scrolling/scroll-area';
import { windowOf } from '../scrolling/virtual-window';
import { endOfRow, cutIntoRows } from './text-rows';
import { textOfSelection } from './row-selection';
import { SpanRow } from './span-row';
import { spansOf, type StyledText, type TextSpan } from './styled-text';

const ROW_HEIGHT = 20;
const PADDING = 16;
/** Texts of so many rows are drawn as a whole: the browser's search then finds everything. */
const DRAWN_WHOLE = 400;
/** Of rows that are wider than this only the part that is seen is drawn. Columns. */
const WIDE_ROW = 600;
/** Drawn left and right of what is seen, columns. */
const OVERSCAN = 80;
const PROBE_COLUMNS = 50;

interface TextLine {
  readonly row: number;
  /** Where the drawn part begins, UTF-16 code units from the row's start. */
  readonly from: number;
  /** How wide the part before is, CSS pixels. */
  readonly skipped: number;
  readonly spans: readonly TextSpan[];
}

/** A text of any length, by rows of a grid of characters, of which only those that are seen exist. */
@Component({
  selector: 'app-text-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [ScrollArea, SpanRow],
  // The spans are made by hand: styles of a component alone would not reach them.
  encapsulation: ViewEncapsulation.None,
  templateUrl: './text-view.html',
  styleUrl: './text-view.css',
})
export class TextView {
  readonly text = input.required<StyledText>();
  /** What it is, for readers. */
  readonly label = input.required<string>();
  /** Whether lines go on in the next row where the view ends. */
  readonly wrap = input.required<boolean>();

  private readonly area = viewChild.required(ScrollArea);
  private readonly probe = viewChild.required<ElementRef<HTMLElement>>('probe');
  /** Of one column, CSS pixels; 0 until it is measured. */
  private readonly columnWidth = signal(0);

  protected readonly probeText = 'x'.repeat(PROBE_COLUMNS);
  private readonly columns = computed(() => {
    if (!this.wrap() || this.columnWidth() === 0) return Infinity;
    return Math.floor((this.area().viewport().width - 2 * PADDING) / this.columnWidth());
  });
  private readonly rows = computed(() => cutIntoRows(this.text(), this.columns()));
  private readonly drawn = computed(
    () => {
      const { count } = this.rows();
      const viewport = this.area().viewport().height;
      const list = { count, rowHeight: ROW_HEIGHT, viewport };
      const window = windowOf(list, Math.max(0, this.area().scrolled().top - PADDING));
      return count <= DRAWN_WHOLE ? { ...window, first: 0, end: count, offset: 0 } : window;
    },
    {
      equal: (a, b) =>
        a.first === b.first && a.end === b.end && a.offset === b.offset && a.height === b.height,
    },
  );
  protected readonly height = computed(() => this.drawn().height);
  protected readonly offset = computed(() => this.drawn().offset);
  protected readonly width = computed(() =>
    this.wrap() ? null : Math.ceil(this.rows().widest * this.columnWidth()) + 2 * PADDING,
  );
  /** The first column to draw of wide rows, in steps, so that small moves draw nothing anew. */
  private readonly firstColumn = computed(() => {
    if (this.wrap() || this.columnWidth() === 0) return 0;
    const column = Math.floor(this.area().scrolled().left / this.columnWidth());
    return Math.max(0, Math.floor(column / OVERSCAN) * OVERSCAN - OVERSCAN);
  });
  private readonly seenColumns = computed(() => {
    const width = this.columnWidth() || 8;
    return Math.ceil(this.area().viewport().width / width) + 3 * OVERSCAN;
  });
  protected readonly lines = computed(() => {
    const { first, end } = this.drawn();
    return Array.from({ length: end - first }, (_, place) => this.line(first + place));
  });

  constructor() {
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      // The font arrives later than the text, and the person's zoom changes.
      const observer = new ResizeObserver(([entry]) => {
        const width = entry?.contentRect.width ?? 0;
        if (width > 0) this.columnWidth.set(width / PROBE_COLUMNS);
      });
      observer.observe(this.probe().nativeElement);
      destroyed.onDestroy(() => observer.disconnect());
    });
  }

  /** Rows are no lines: what is copied by hand has line ends only where the text has them. */
  protected copySelection(event: ClipboardEvent): void {
    const text = textOfSelection(this.text().text, this.rows());
    if (text === null || !event.clipboardData) return;
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  }

  private line(row: number): TextLine {
    const text = this.text();
    const rows = this.rows();
    const start = rows.starts[row] ?? 0;
    const end = endOfRow(text.text, rows, row);
    if (end - start <= WIDE_ROW) return { row, from: 0, skipped: 0, spans: spansOf(text, start, end) };
    const from = Math.min(end, start + this.firstColumn());
    const to = Math.min(end, from + this.seenColumns());
    return {
      row,
      from: from - start,
      skipped: (from - start) * this.columnWidth(),
      spans: spansOf(text, from, to),
    };
  }
}
