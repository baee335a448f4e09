import type { TextRows } from './text-rows';

/**
 * What of a text is selected in its rows, each an element with its number in `data-row` and, where it begins later than
 * its row does, with that in `data-from`. Only rows that are seen exist: a selection goes on in the text where its ends
 * have been scrolled away.
 */
export class RowSelection {
  private anchor: number | null = null;
  private focus: number | null = null;

  /** The selection has changed, by a user or because rows went. */
  follow({ anchorNode, anchorOffset, focusNode, focusOffset }: Selection, rows: TextRows): void {
    this.anchor = offsetOf(anchorNode, anchorOffset, rows) ?? this.anchor;
    this.focus = offsetOf(focusNode, focusOffset, rows) ?? this.focus;
  }

  /** Another selection begins. */
  forget(): void {
    this.anchor = null;
    this.focus = null;
  }

  /** @returns null where nothing is selected, or the selection reaches beyond the rows */
  textOf(text: string): string | null {
    if (this.anchor === null || this.focus === null || this.anchor === this.focus) return null;
    return text.slice(Math.min(this.anchor, this.focus), Math.max(this.anchor, this.focus));
  }
}

function offsetOf(container: Node | null, offset: number, rows: TextRows): number | null {
  const element = container instanceof Element ? container : container?.parentElement;
  const row = element?.closest<HTMLElement>('[data-row]');
  if (!row || !container) return null;
  const before = document.createRange();
  before.setStart(row, 0);
  before.setEnd(container, offset);
  const from = Number(row.dataset['from'] ?? 0);
  return (rows.starts[Number(row.dataset['row'])] ?? 0) + from + before.toString().length;
}
