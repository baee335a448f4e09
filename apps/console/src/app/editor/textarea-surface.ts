import type { EditorSurface } from '../script/editor-focus';
import { toEditorColumn } from './check/markers';

/** The plain text area, until Monaco is there. */
export class TextareaSurface implements EditorSurface {
  constructor(private readonly element: HTMLTextAreaElement) {}

  focus(): void {
    this.element.focus();
  }

  reveal({ line, column }: { readonly line: number; readonly column: number }): void {
    const lines = this.element.value.split('\n');
    const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    const at = before + toEditorColumn(lines[line - 1] ?? '', column) - 1;
    this.element.focus();
    this.element.setSelectionRange(at, at);
  }

  /** Where the cursor is; 1-based, column in code points. */
  place(): { readonly line: number; readonly column: number } {
    const lines = this.element.value.slice(0, this.element.selectionEnd).split('\n');
    return { line: lines.length, column: Array.from(lines.at(-1) ?? '').length + 1 };
  }
}
