import type { TextRows } from './text-rows';

/**
 * What of a text is selected by hand in its rows, each an element with its number in `data-row` and, where it begins
 * later than its row does, with that in `data-from`.
 *
 * @returns null where nothing is, or where the selection reaches beyond the rows
 */
export function textOfSelection(text: string, rows: TextRows): string | null {
  const selection = getSelection();
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = offsetOf(range.startContainer, range.startOffset, rows);
  const end = offsetOf(range.endContainer, range.endOffset, rows);
  return start === null || end === null ? null : text.slice(start, end);
}

function offsetOf(container: Node, offset: number, rows: TextRows): number | null {
  const element = container instanceof Element ? container : container.parentElement;
  const row = element?.closest<HTMLElement>('[data-row]');
  if (!row) return null;
  const before = document.createRange();
  before.setStart(row, 0);
  before.setEnd(container, offset);
  const from = Number(row.dataset['from'] ?? 0);
  return (rows.starts[Number(row.dataset['row'])] ?? 0) + from + before.toString().length;
}
