import {
  afterNextRender,
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  effect,
  type ElementRef,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
  ViewEncapsulation,
} from '@angular/core';
import { EndFollower } from '../../ui/scrolling/end-follower';
import { ScrollArea } from '../../ui/scrolling/scroll-area';
import { scrollTopFor, windowOf } from '../../ui/scrolling/virtual-window';
import { endOfRow, cutIntoRows } from './text-rows';
import { RowSelection } from './row-selection';
import { SpanRow } from './span-row';
import { lastStartAt, spansOf, type StyledText, type TextSpan } from './styled-text';
import { markMatches, type TextMatches } from './text-matches';

const ROW_HEIGHT = 20;
const PADDING = 16;
/** Texts of so many rows are drawn as a whole: the browser's search then finds everything. */
const DRAWN_WHOLE = 400;
/** Of rows that are wider than this only the part that is seen is drawn. Columns. */
const WIDE_ROW = 600;
/** Drawn left and right of what is seen, columns. */
const OVERSCAN = 80;
const PROBE_COLUMNS = 50;
/** Seen above and below of what was searched for. */
const CONTEXT_ROWS = 4;

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
  host: { '[style.--whole-height.px]': 'wholeHeight()' },
  templateUrl: './text-view.html',
  styleUrl: './text-view.css',
})
export class TextView {
  readonly text = input.required<StyledText>();
  /** What it is, for screen readers. */
  readonly label = input.required<string>();
  /** Whether lines go on in the next row where the view ends. */
  readonly wrap = input.required<boolean>();
  /** What was found in the text. */
  readonly matches = input<TextMatches | null>(null);
  /** Whether the end stays in view while the text grows, unless the user scrolls away from it. */
  readonly follow = input(false);
  /** The user wants to find something. */
  readonly find = output();

  private readonly area = viewChild.required(ScrollArea);
  private readonly drawnRows = viewChild.required<ElementRef<HTMLElement>>('drawnRows');
  private readonly probe = viewChild.required<ElementRef<HTMLElement>>('probe');
  /** Of one column, CSS pixels; 0 until it is measured. */
  private readonly columnWidth = signal(0);
  private readonly selection = new RowSelection();
  /** Whether all of the text is selected, though most of it may not be drawn. */
  private readonly isAllSelected = linkedSignal({ source: this.text, computation: () => false });

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
  /** As high as the text, where the place that it stands in leaves that to it. */
  protected readonly wholeHeight = computed(() => this.height() + 2 * PADDING);
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
  /** Rows that are as they were are not drawn anew: a text that grows changes the last ones only. */
  protected readonly lines = linkedSignal<readonly TextLine[], readonly TextLine[]>({
    source: () => {
      const { first, end } = this.drawn();
      return Array.from({ length: end - first }, (_, place) => this.line(first + place));
    },
    computation: (lines, previous) => keepSame(lines, previous?.value ?? []),
  });
  protected readonly follower = new EndFollower();

  constructor() {
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      // The font arrives later than the text, and the user's zoom changes.
      const observer = new ResizeObserver(([entry]) => {
        const width = entry?.contentRect.width ?? 0;
        if (width > 0) this.columnWidth.set(width / PROBE_COLUMNS);
      });
      observer.observe(this.probe().nativeElement);
      const follow = (): void => this.followSelection();
      document.addEventListener('selectionchange', follow);
      destroyed.onDestroy(() => {
        observer.disconnect();
        document.removeEventListener('selectionchange', follow);
      });
    });
    afterRenderEffect(() => {
      // What has been scrolled into view is selected as well.
      this.lines();
      if (this.isAllSelected()) this.selectRows();
    });
    effect((onCleanup) => {
      if (!this.follow()) return;
      this.follower.restart();
      // The next text is another one.
      onCleanup(() => this.area().scrollTo({ top: 0 }));
    });
    afterRenderEffect(() => {
      this.height();
      this.area().viewport();
      if (this.follow() && this.follower.isFollowing) this.area().scrollTo({ top: Number.MAX_SAFE_INTEGER });
    });
  }

  focus(): void {
    this.area().focus();
  }

  /** Brings a part of the text into view. */
  reveal(offset: number, length: number): void {
    const { starts, count } = this.rows();
    const row = Math.min(count - 1, lastStartAt(starts, offset));
    const { width, height } = this.area().viewport();
    const { top, left } = this.area().scrolled();
    const list = { count, rowHeight: ROW_HEIGHT, viewport: height - 2 * PADDING };
    // With some of what stands around it: first what follows, then what comes before, which matters more.
    const around = [Math.min(count - 1, row + CONTEXT_ROWS), Math.max(0, row - CONTEXT_ROWS), row];
    const rowsTop = around.reduce((place, one) => scrollTopFor(list, one, place), Math.max(0, top - PADDING));
    const column = PADDING + (offset - (starts[row] ?? 0)) * this.columnWidth();
    const isSeen = column >= left && column + length * this.columnWidth() <= left + width;
    this.area().scrollTo({
      top: rowsTop === 0 ? 0 : rowsTop + PADDING,
      // Some of what stands before it tells where it is.
      left: isSeen ? left : Math.max(0, column - width / 3),
    });
  }

  protected handleKey(event: KeyboardEvent): void {
    const isChord = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const key = event.key.toLowerCase();
    if (isChord && key === 'a') {
      event.preventDefault();
      this.isAllSelected.set(true);
      this.selectRows();
    } else if (isChord && key === 'f') {
      event.preventDefault();
      this.find.emit();
    } else if (event.key === 'End' && !event.shiftKey && this.follow()) {
      // The browser's own way there ends where the text has grown meanwhile.
      event.preventDefault();
      this.follower.restart();
      this.area().scrollTo({ top: Number.MAX_SAFE_INTEGER });
    } else if (event.shiftKey && /^(?:arrow|page|home|end)/.test(key)) {
      // They change the selection.
      this.isAllSelected.set(false);
    }
  }

  /** By hand another selection begins; the menu of the other button is about the one there is. */
  protected beginSelection({ button, shiftKey }: PointerEvent): void {
    if (button !== 0) return;
    this.isAllSelected.set(false);
    if (!shiftKey) this.selection.forget();
  }

  /** Rows are no lines: what is copied by hand has line ends only where the text has them. */
  protected copySelection(event: ClipboardEvent): void {
    if (getSelection()?.isCollapsed !== false) return;
    const { text } = this.text();
    const copied = this.isAllSelected() ? text : this.selection.textOf(text);
    if (copied === null || !event.clipboardData) return;
    event.clipboardData.setData('text/plain', copied);
    event.preventDefault();
  }

  private followSelection(): void {
    const selection = getSelection();
    const isHere = this.drawnRows().nativeElement.contains(selection?.anchorNode ?? null);
    if (selection?.isCollapsed === false && isHere) this.selection.follow(selection, this.rows());
    else this.isAllSelected.set(false);
  }

  private selectRows(): void {
    getSelection()?.selectAllChildren(this.drawnRows().nativeElement);
  }

  private line(row: number): TextLine {
    const text = this.text();
    const rows = this.rows();
    const start = rows.starts[row] ?? 0;
    const end = endOfRow(text.text, rows, row);
    if (end - start <= WIDE_ROW) return { row, from: 0, skipped: 0, spans: this.spans(start, end) };
    const from = Math.min(end, start + this.firstColumn());
    const to = Math.min(end, from + this.seenColumns());
    return {
      row,
      from: from - start,
      skipped: (from - start) * this.columnWidth(),
      spans: this.spans(from, to),
    };
  }

  private spans(start: number, end: number): readonly TextSpan[] {
    const spans = spansOf(this.text(), start, end);
    const matches = this.matches();
    return matches === null || matches.starts.length === 0 ? spans : markMatches(spans, start, matches);
  }
}

/** Takes the lines that were drawn already where they are the same. */
function keepSame(lines: readonly TextLine[], drawn: readonly TextLine[]): readonly TextLine[] {
  const shift = (lines[0]?.row ?? 0) - (drawn[0]?.row ?? 0);
  return lines.map((line, place) => {
    const before = drawn[place + shift];
    return before && isSame(line, before) ? before : line;
  });
}

function isSame(line: TextLine, other: TextLine): boolean {
  return (
    line.row === other.row &&
    line.from === other.from &&
    line.skipped === other.skipped &&
    line.spans.length === other.spans.length &&
    line.spans.every(({ text, style }, at) => {
      const span = other.spans[at];
      return span?.style === style && span.text === text;
    })
  );
}
