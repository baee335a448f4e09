/** Elements much higher than this are cut by browsers, CSS pixels. */
const MAX_PIXELS = 8_000_000;

/** What a scrolled list shows of its rows. */
export interface VirtualWindow {
  /** The first row to draw. */
  readonly first: number;
  /** The row behind the last one to draw. */
  readonly end: number;
  /** Where the first row stands in the content, CSS pixels. */
  readonly offset: number;
  /** How high the content is, CSS pixels. */
  readonly height: number;
}

/** Rows of one height (or columns of one width) that are longer than what is seen of them. */
export interface VirtualList {
  readonly count: number;
  readonly rowHeight: number;
  /** What is seen, CSS pixels. */
  readonly viewport: number;
}

/** Drawn above and below of what is seen, so that fast scrolling meets rows. */
const OVERSCAN_ROWS = 12;

/**
 * Which rows to draw. Lists that would be higher than a browser can make an element are scrolled in larger steps: the
 * scroll bar then stands for the whole list all the same.
 */
export function windowOf(list: VirtualList, scrollTop: number): VirtualWindow {
  const { count, rowHeight, viewport } = list;
  const height = contentHeight(list);
  const top = scrollTop * stretch(list);
  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN_ROWS);
  const end = Math.min(count, Math.ceil((top + viewport) / rowHeight) + OVERSCAN_ROWS);
  return { first: Math.min(first, count), end, offset: scrollTop - (top - first * rowHeight), height };
}

/** Where to scroll so that a row is seen; the same place where it is seen already. */
export function scrollTopFor(list: VirtualList, row: number, scrollTop: number): number {
  const { rowHeight, viewport } = list;
  const top = scrollTop * stretch(list);
  const rowTop = row * rowHeight;
  if (rowTop >= top && rowTop + rowHeight <= top + viewport) return scrollTop;
  const isAbove = rowTop < top;
  return Math.max(0, (isAbove ? rowTop : rowTop + rowHeight - viewport) / stretch(list));
}

function contentHeight({ count, rowHeight }: VirtualList): number {
  return Math.min(count * rowHeight, MAX_PIXELS);
}

/** How many pixels of the list one pixel of the scroll bar stands for. */
function stretch(list: VirtualList): number {
  const full = list.count * list.rowHeight;
  if (full <= MAX_PIXELS) return 1;
  return (full - list.viewport) / (MAX_PIXELS - list.viewport);
}
