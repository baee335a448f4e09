import type { editor } from 'monaco-editor';
import { markerOf } from '../check/markers';
import type { Problem } from '../check/problem';
import type { MonacoApi } from './load-monaco';

const OWNER = 'run';

/** The line at which the latest run failed: marked until it is edited or the next run begins. */
export class FailingLine {
  private readonly decoration: editor.IEditorDecorationsCollection;

  constructor(
    private readonly monaco: MonacoApi,
    private readonly editor: editor.IStandaloneCodeEditor,
  ) {
    this.decoration = editor.createDecorationsCollection();
    editor.onDidChangeModelContent(({ changes }) => {
      const line = this.decoration.getRange(0)?.startLineNumber;
      if (
        line === undefined ||
        changes.some(({ range }) => range.startLineNumber <= line && line <= range.endLineNumber)
      ) {
        this.clear();
      }
    });
  }

  /** @param withMarker false where the check while typing underlines the place already */
  show(problem: Problem, withMarker: boolean): void {
    const model = this.editor.getModel();
    if (!model) return;
    const marker = { ...markerOf(problem, model), severity: this.monaco.MarkerSeverity.Error };
    this.decoration.set([
      {
        range: marker,
        options: {
          isWholeLine: true,
          className: 'failing-line',
          linesDecorationsClassName: 'failing-line-edge',
          overviewRuler: {
            color: { id: 'editorError.foreground' },
            position: this.monaco.editor.OverviewRulerLane.Full,
          },
        },
      },
    ]);
    if (withMarker) {
      this.monaco.editor.setModelMarkers(model, OWNER, [{ ...marker, source: 'run' }]);
    }
    this.editor.revealLineInCenterIfOutsideViewport(marker.startLineNumber);
  }

  clear(): void {
    if (this.decoration.length === 0) return;
    this.decoration.clear();
    const model = this.editor.getModel();
    if (model) this.monaco.editor.setModelMarkers(model, OWNER, []);
  }
}
