import type { Problem } from './problem';

/** A range of the editor: 1-based, columns in UTF-16 code units, the end exclusive. */
export interface EditorRange {
  readonly startLineNumber: number;
  readonly startColumn: number;
  readonly endLineNumber: number;
  readonly endColumn: number;
}

export interface EditorMarker extends EditorRange {
  readonly severity: Problem['severity'];
  readonly message: string;
}

/** What is asked of the text that is marked. */
export interface MarkedText {
  getLineCount(): number;
  getLineContent(lineNumber: number): string;
}

/**
 * The range that a problem covers in the text as it is now, which may be newer than the problem. Python and the policy
 * count columns in code points, the editor in UTF-16 code units.
 */
export function markerOf(problem: Problem, text: MarkedText): EditorMarker {
  const { severity } = problem;
  const message = [problem.message, problem.hint].filter(Boolean).join('\n');
  const line = clamp(problem.line, 1, text.getLineCount());
  const content = text.getLineContent(line);
  const startColumn = toEditorColumn(content, problem.line === line ? problem.column : content.length + 1);
  const start = { startLineNumber: line, startColumn };
  if (problem.end) {
    const endLine = clamp(problem.end.line, line, text.getLineCount());
    const endColumn = toEditorColumn(text.getLineContent(endLine), problem.end.column);
    if (endLine > line || endColumn > startColumn) {
      return { severity, message, ...start, endLineNumber: endLine, endColumn };
    }
  }
  return { severity, message, ...rangeAround(content, start) };
}

/** The rest of the line from where the problem starts; the whole line where nothing follows. */
function rangeAround(
  content: string,
  start: Pick<EditorRange, 'startLineNumber' | 'startColumn'>,
): EditorRange {
  const endColumn = content.trimEnd().length + 1;
  const firstColumn = content.length - content.trimStart().length + 1;
  return {
    ...start,
    startColumn: start.startColumn < endColumn ? start.startColumn : Math.min(firstColumn, endColumn),
    endLineNumber: start.startLineNumber,
    endColumn,
  };
}

/** @param column in code points, from 1; beyond the line it is the line's end */
export function toEditorColumn(lineContent: string, column: number): number {
  let units = 0;
  for (let points = 1; points < column && units < lineContent.length; points += 1) {
    units += (lineContent.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units + 1;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
