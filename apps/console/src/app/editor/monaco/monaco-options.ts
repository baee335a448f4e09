import type { editor } from 'monaco-editor';
import type { Settings } from '../../settings/settings-store';
import { EDITOR_THEME } from './monaco-theme';

/** The options of the editor that do not depend on the settings. */
export const MONACO_OPTIONS: editor.IStandaloneEditorConstructionOptions = {
  theme: EDITOR_THEME,
  ariaLabel: 'Python script. Control M lets Tab leave the editor.',
  automaticLayout: true,
  fontFamily: "'JetBrains Mono', ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  fontLigatures: false,
  lineHeight: 1.6,
  padding: { top: 12, bottom: 12 },
  scrollBeyondLastLine: false,
  smoothScrolling: false,
  stickyScroll: { enabled: false },
  guides: { indentation: true, highlightActiveIndentation: false },
  renderLineHighlight: 'line',
  // The number of the empty last line is a number like any other, not a faint one.
  renderFinalNewline: 'on',
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 12,
  glyphMargin: false,
  folding: false,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  tabSize: 4,
  insertSpaces: true,
  detectIndentation: false,
  // Python ends no line at them, so they are text like any other; the default asks about them in a dialog.
  unusualLineTerminators: 'off',
  wordBasedSuggestions: 'currentDocument',
  // Enter breaks the line, as everywhere: `return a` and Enter must not become `return abs`. Tab and a click accept.
  acceptSuggestionOnEnter: 'off',
  suggest: { showWords: true, preview: false, snippetsPreventQuickSuggestions: false },
  // Lists and hovers may leave a narrow pane.
  fixedOverflowWidgets: true,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
};

/** The options that the settings decide. */
export function optionsOf({ fontSizePx, isWordWrapped, isMinimapShown }: Settings): editor.IEditorOptions {
  return {
    fontSize: fontSizePx,
    wordWrap: isWordWrapped ? 'on' : 'off',
    minimap: { enabled: isMinimapShown },
  };
}
